#!/usr/bin/env bash
# Prints what a warm build keeps although git does not track it, a pattern as in .gitignore a line: the rows of keep.txt
# that apply, and the project's own list, koalaci.cache in package.json. Run as the build user.
set -Eeuo pipefail
cd /workspace

main() { # usage: keep.sh PROJECT_ROOT
  local root=$1 pattern package _
  while read -r pattern package _; do
    [[ -n $pattern && $pattern != '#' ]] || continue
    if [[ $package == '*' ]] || keep::is_named "$package"; then printf '%s\n' "$pattern"; fi
  done <"${BASH_SOURCE[0]%/*}/keep.txt"
  keep::own .
  if [[ $root != . ]]; then keep::own "$root"; fi
}

keep::is_named() { # usage: keep::is_named PACKAGE; in the package.json of the project or of one of its workspaces
  if [[ -z ${MANIFESTS+set} ]]; then MANIFESTS=$(cat package.json ./*/package.json ./*/*/package.json 2>/dev/null) || true; fi
  [[ $MANIFESTS == *"\"$1\""* ]]
}

keep::own() { # usage: keep::own DIRECTORY; its package.json's list, relative to it
  local directory=$1 pattern
  grep -qs '"koalaci"' "$directory/package.json" || return 0
  while IFS= read -r pattern; do
    pattern=${pattern#./}
    if [[ -z $pattern || /$pattern/ == */../* ]]; then continue; fi
    if [[ $directory == . ]]; then printf '/%s\n' "${pattern#/}"; else printf '/%s/%s\n' "${directory#./}" "${pattern#/}"; fi
  done < <(jq -r '.koalaci?.cache? // [] | if type == "array" then .[] else empty end | strings' "$directory/package.json" 2>/dev/null)
}

main "$@"
