#!/usr/bin/env bash
# The uid of the build user: each user of koalaci has another one, so that it is not the container alone that separates their builds;
# a library.
#
# A container from the builder image gets it before any code of the project is there. One from a snapshot has it: root owns /etc/passwd,
# so builds cannot change it.
set -Eeuo pipefail

# What it is in the builder image (image/Dockerfile).
readonly IMAGE_UID=1000

build-user::set() { # usage: build-user::set UID; gives the build user this uid and gid; if that cannot be, fails, and REPLY says why. In a warm build it starts no program
  local uid users
  build-user::_fitting "$1" /proc/self/uid_map /proc/self/gid_map && uid=$REPLY
  build-user::_read /etc/passwd && users=$REPLY
  case $users in
    *$'\n'"build:x:$uid:$uid:"*) ;;
    *$'\n'"build:x:$IMAGE_UID:$IMAGE_UID:"*) build-user::_change "$uid" && build-user::_make_directories ;;
    *) REPLY='the snapshot is of a build user with another uid' && return 1 ;;
  esac
}

build-user::_fitting() { # usage: build-user::_fitting UID MAP…; sets REPLY to it, or to one in its place that a user namespace of 65,536 ids has, too
  local uid=$1 map
  for map in "${@:2}"; do
    if ! build-user::_is_mapped "$uid" "$map"; then REPLY=$((10000 + uid % 50000)) && return 0; fi
  done
  REPLY=$uid
}

build-user::_is_mapped() { # usage: build-user::_is_mapped ID MAP; MAP: as /proc/PID/uid_map
  local -i id=$1 first count
  while read -r first _ count; do
    if ((id >= first && id < first + count)); then return 0; fi
  done <"$2"
  return 1
}

build-user::_read() { # usage: build-user::_read FILE; sets REPLY to its text, without starting a process
  IFS= read -r -d '' REPLY <"$1" || true
}

build-user::_change() { # usage: build-user::_change UID
  local uid=$1
  build-user::_read /etc/passwd
  printf %s "${REPLY/$'\n'"build:x:$IMAGE_UID:$IMAGE_UID:"/$'\n'"build:x:$uid:$uid:"}" >/etc/passwd
  build-user::_read /etc/group
  printf %s "${REPLY/$'\n'"build:x:$IMAGE_UID:"/$'\n'"build:x:$uid:"}" >/etc/group
}

build-user::_make_directories() { # makes the build user's directories anew, as its own: this root has no capability to give it those of the image
  # Nothing but this runs here yet.
  # shellcheck disable=SC2016 # the inner shell expands it
  REPLY=$({ chmod a+w / /home && run_as_build sh -c 'rmdir -- "$@" && mkdir -- "$@"' sh "$WORKSPACE" /home/build &&
    chmod go-w / /home; } 2>&1) && cd "$WORKSPACE" && return 0
  REPLY="the directories of the build user cannot be made anew in the builder image: $REPLY"
  return 1
}
