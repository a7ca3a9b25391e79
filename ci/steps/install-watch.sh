#!/usr/bin/env bash
# Watches which files of the project an install reads; a library of the step install. install-watch.py explains the result.
set -Eeuo pipefail

readonly MARKS=$RUN/marks
declare WATCHED=''

install-watch::start() { # returns when it sees everything
  local mark ready=''
  mkdir -p "$MARKS"
  for mark in begin end own stop; do : >"$MARKS/$mark"; done
  # An install must not end the watch.
  chmod 600 "$MARKS/stop"
  exec {WATCHED}< <(exec python3 -I /koala/steps/install-watch.py "$WORKSPACE" "$MARKS" 2>/dev/null)
  IFS= read -r -u "$WATCHED" ready || true
  if [[ $ready != ready ]]; then WATCHED=''; fi # the kernel may have no watches left
}

install-watch::stop() { # usage: install-watch::stop FILE; writes the result, each line ended by a NUL
  local file=$1
  # Without its answer, everything may have been read, by scripts too.
  printf 'tree\0scripts\0own\0' >"$file"
  [[ -n $WATCHED ]] || return 0
  : <"$MARKS/stop"
  cat <&"$WATCHED" >"$RUN/watched"
  exec {WATCHED}<&-
  # It ends with a line of its own, if the watcher has got so far.
  if [[ $(tail -z -n 1 "$RUN/watched" | tr -d '\0') == 'done' ]]; then sed -z '$d' "$RUN/watched" >"$file"; fi
}
