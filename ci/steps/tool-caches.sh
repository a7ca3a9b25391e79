#!/usr/bin/env bash
# Lists what a warm build keeps although git does not track it: dependencies, the rows of tool-caches.txt that apply, and the
# project's own list, koalaci.cache in package.json. A library, and a program that prints the list. The build user runs both,
# in the workspace.
set -Eeuo pipefail
# shellcheck source=manager.sh
source "${BASH_SOURCE[0]%/*}/manager.sh"

tool-caches::patterns() { # usage: tool-caches::patterns PROJECT_ROOT; prints patterns as in .gitignore, one per line
  local root=$1 file manifests='' pattern package _
  for file in package.json ./*/package.json ./*/*/package.json; do
    [[ ! -f $file ]] || manifests+=$(<"$file")
  done
  manager::all dependencies
  printf '%s\n' '**/node_modules/' "${WORDS[@]}"
  while read -r pattern package _; do
    [[ -n $pattern && $pattern != '#' ]] || continue
    if [[ $package == '*' || $manifests == *"\"$package\""* ]]; then printf '%s\n' "$pattern"; fi
  done <"${BASH_SOURCE[0]%/*}/tool-caches.txt"
  [[ $manifests == *'"koalaci"'* ]] || return 0
  tool-caches::_own .
  [[ $root == . ]] || tool-caches::_own "$root"
}

tool-caches::_own() { # usage: tool-caches::_own DIRECTORY; prints the list in its package.json, whose patterns are relative to it
  local directory=$1 pattern
  while IFS= read -r pattern; do
    pattern=${pattern#./}
    if [[ -z $pattern || /$pattern/ == */../* ]]; then continue; fi
    if [[ $directory == . ]]; then printf '/%s\n' "${pattern#/}"; else printf '/%s/%s\n' "${directory#./}" "${pattern#/}"; fi
  done < <(jq -rf "$DECISIONS/own-caches.jq" "$directory/package.json" 2>/dev/null)
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then cd /workspace && tool-caches::patterns "$@"; fi
