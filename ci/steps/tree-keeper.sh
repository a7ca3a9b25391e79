#!/usr/bin/env bash
# The main process of the container in which koalaci reads repositories without building them: ends it once nobody has asked for a while.
#
# usage: tree-keeper.sh MINUTES; tree-reader.sh answers, one process for each request.
set -Eeuo pipefail

# tree-reader.sh touches the file at each request. Each user's processes make their own directory here.
readonly TREES=/trees USED=/trees/used

main() {
  local minutes=$1
  trap 'exit 0' TERM
  mkdir -p "$TREES"
  chmod 1777 "$TREES"
  : >"$USED"
  while [[ -n $(find "$USED" -mmin "-$minutes") ]]; do
    sleep 60 &
    wait $!
  done
}

main "$@"
