#!/usr/bin/env bash
# The lockfile by which the dependencies were installed, for the runner, which writes them into the provenance; a library.
#
# Not as it lies in the project, where the build may have changed it: as git has it, or as an install without one has resolved it.
set -Eeuo pipefail

# Bytes; the runner reads no more either.
declare -ri MOST_LOCKFILE=$((32 << 20))

lockfile::send() { # writes it to stdout, between two events; nothing where there is none, or it lies in a submodule
  local path flavour
  lockfile::find || return 0
  path=$REPLY
  json::string "$path"
  flavour=${FACTS[flavour]}
  protocol::event lockfile_started "\"path\":$REPLY,\"flavour\":\"$flavour\""
  protocol::aside lockfile::print "$path" || true
  protocol::event lockfile_ended
}

lockfile::find() { # sets REPLY to its path, relative to the workspace
  local root=${FACTS[install_root]:-} path
  REPLY=${FACTS[lockfile]:-}
  [[ -n $root ]] || return 1
  if [[ -n $REPLY ]]; then return 0; fi
  [[ -f $RESOLVED.paths ]] || return 1
  while IFS= read -r -d '' path; do
    REPLY=$path
    if [[ $WORKSPACE/$path == "$root/${path##*/}" ]]; then return 0; fi
  done <"$RESOLVED.paths"
  return 1
}

lockfile::print() { # usage: lockfile::print PATH; the runner can tell one that was cut off, since it has the most bytes
  if [[ -n ${FACTS[lockfile]:-} ]]; then source::git cat-file blob "refs/koala/head:$1"
  else run_as_build tar --extract --to-stdout --file=- -- "$1" <"$RESOLVED.tar"; fi 2>/dev/null | head -c $MOST_LOCKFILE
}
