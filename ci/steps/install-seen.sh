#!/usr/bin/env bash
# Prints a hash of the state of paths, as the commit has them: the content of files, the names and modes in directories. The
# build user runs it in the workspace.
#
# usage: install-seen.sh <paths, each as "f PATH" or "d PATH" and ended by a NUL
set -Eeuo pipefail
cd /workspace

main() {
  local line names='--format=%(objectmode) %(path)'
  local -a files=() directories=()
  while IFS= read -r -d '' line; do
    case $line in
      'd .') git ls-tree -z "$names" HEAD ;;
      'd '*) directories+=("${line#d }/") ;;
      'f '*) files+=("${line#f }") ;;
    esac
  done
  if ((${#files[@]})); then git --literal-pathspecs ls-files -z --stage -- "${files[@]}"; fi
  if ((${#directories[@]})); then git --literal-pathspecs ls-tree -z "$names" HEAD -- "${directories[@]}"; fi
  # Where a link leads, and what is in a submodule, is not seen by path.
  git ls-files --stage | grep -E '^1[26]0000 ' || true
}

main | sha256sum
