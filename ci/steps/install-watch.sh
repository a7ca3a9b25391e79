#!/usr/bin/env bash
# Watches which files of the project an install reads; a library of the step install. install-watch.py explains the result.
set -Eeuo pipefail

readonly MARKS=$RUN/marks
declare WATCHED=''

install-watch::start() { # returns when it sees everything
  local mark ready=''
  mkdir -p "$MARKS"
  for mark in begin end own stop; do : >"$MARKS/$mark"; done
  exec {WATCHED}< <(exec python3 -I /koala/steps/install-watch.py "$WORKSPACE" "$MARKS" 2>/dev/null)
  IFS= read -r -u "$WATCHED" ready || true
  if [[ $ready != ready ]]; then WATCHED=''; fi # the kernel may have no watches left
}

install-watch::stop() { # usage: install-watch::stop FILE; writes the result, each line ended by a NUL
  local file=$1
  if [[ -z $WATCHED ]]; then printf 'tree\0' >"$file" && return; fi
  : <"$MARKS/stop"
  cat <&"$WATCHED" >"$file"
  exec {WATCHED}<&-
}
