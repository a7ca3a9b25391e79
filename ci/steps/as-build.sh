#!/usr/bin/env bash
# Runs a command as it is, with the environment that descriptor 3 holds; started as the build user already.
#
# The environment comes this way, and after the change of user, because it holds secrets, which a command line
# would show, and variables such as LD_PRELOAD, which must never work on a program of root's.
set -Eeuo pipefail

main() {
  # A name that no job will have.
  local -a __koala_environment
  mapfile -d '' -t __koala_environment <&3
  exec 3<&-
  export "${__koala_environment[@]}"
  exec "$@"
}

main "$@"
