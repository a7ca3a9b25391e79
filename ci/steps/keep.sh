#!/usr/bin/env bash
# What a warm build keeps although git does not track it: the rows of keep.txt that apply, and the project's own list,
# koalaci.cache in package.json; a library, and a program that prints it. Both for the build user, in the workspace.
set -Eeuo pipefail

keep::patterns() { # usage: keep::patterns PROJECT_ROOT; prints them as in .gitignore, a line each
  local root=$1 file manifests='' pattern package _
  for file in package.json ./*/package.json ./*/*/package.json; do
    [[ ! -f $file ]] || manifests+=$(<"$file")
  done
  while read -r pattern package _; do
    [[ -n $pattern && $pattern != '#' ]] || continue
    if [[ $package == '*' || $manifests == *"\"$package\""* ]]; then printf '%s\n' "$pattern"; fi
  done </koala/steps/keep.txt
  [[ $manifests == *'"koalaci"'* ]] || return 0
  keep::_own .
  [[ $root == . ]] || keep::_own "$root"
}

keep::_own() { # usage: keep::_own DIRECTORY; its package.json's list, relative to it
  local directory=$1 pattern
  while IFS= read -r pattern; do
    pattern=${pattern#./}
    if [[ -z $pattern || /$pattern/ == */../* ]]; then continue; fi
    if [[ $directory == . ]]; then printf '/%s\n' "${pattern#/}"; else printf '/%s/%s\n' "${directory#./}" "${pattern#/}"; fi
  done < <(jq -r '.koalaci?.cache? // [] | if type == "array" then .[] else empty end | strings' "$directory/package.json" 2>/dev/null)
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then cd /workspace && keep::patterns "$@"; fi
