#!/usr/bin/env bash
# What is new since the build that this one starts from, in words for who looks on; a library of the step source.
set -Eeuo pipefail

# Of more files nobody wants to know the number.
declare -ri MOST_CHANGED=10000

changed::tell() { # usage: changed::tell PREVIOUS SHA; sets the fact changed: how many files differ, and the first of them
  local -a files
  mapfile -d '' -t files < <(source::git diff-tree -r -z --name-only --no-renames "$1" "$2" 2>/dev/null | head -z -n $((MOST_CHANGED + 1)))
  case ${#files[@]} in
    0) fact changed 'no file changed' ;;
    1) fact changed "1 file changed: ${files[0]}" ;;
    $((MOST_CHANGED + 1))) fact changed "more than $MOST_CHANGED files changed" ;;
    *) fact changed "${#files[@]} files changed, ${files[0]} first" ;;
  esac
}
