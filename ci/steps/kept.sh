#!/usr/bin/env bash
# The main process of a container that is kept for debugging: ends it after a time, or when more is written to disk than a build may
# write. A program, which knows no secret.
#
# usage: kept.sh SECONDS BYTES INODES
set -Eeuo pipefail

# How often it looks.
readonly EVERY=10

main() {
  local -i most=$1 bytes=$2 inodes=$3
  local never
  # Nothing ever comes from it.
  exec {never}<> <(:)
  while ((SECONDS < most)); do
    read -rt "$EVERY" -u "$never" _ || true
    if kept::_is_used && kept::_is_full "$bytes" "$inodes"; then return 0; fi
  done
}

kept::_is_used() { # whether somebody debugs: a process of another user than root runs
  local file key value
  for file in /proc/[0-9]*/status; do
    while read -r key value; do
      [[ $key == Uid: ]] || continue
      [[ $value == 0[[:space:]]* ]] || return 0
      break
    done 2>/dev/null <"$file" || true
  done
  return 1
}

kept::_is_full() { # usage: kept::_is_full BYTES INODES
  local -i bytes=$1 inodes=$2 real all files
  local use
  if ! use=$(kept::_as_build /koala/steps/disk-use.sh /workspace /home/build); then
    # A directory that hides its content no longer does.
    kept::_as_build find /workspace /home/build -xdev -type d -not -perm -u=rwx -exec chmod u+rwx {} \; || true
    use=$(kept::_as_build /koala/steps/disk-use.sh /workspace /home/build) || return 0
  fi
  read -r real all files <<<"$use"
  ((bytes > 0 && (real > bytes || all > bytes))) || ((inodes > 0 && files > inodes))
}

kept::_as_build() { # usage: kept::_as_build COMMAND…
  setpriv --reuid=build --regid=build --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- "$@" 2>/dev/null
}

main "$@"
