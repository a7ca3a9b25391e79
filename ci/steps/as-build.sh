#!/usr/bin/env bash
# Runs a command with the environment that it reads from descriptor 3. The caller has already become the build user.
#
# The environment holds secrets, which a command line would show, and variables such as LD_PRELOAD, which must not affect
# any program that runs as root. So it comes through a descriptor, after the change of user.
set -Eeuo pipefail

main() {
  # No job will have a variable of this name.
  local -a __koala_environment
  mapfile -d '' -t __koala_environment <&3
  exec 3<&-
  # When memory is short, the kernel kills build code rather than the entrypoint, which has to say what happened.
  echo 1000 2>/dev/null >/proc/self/oom_score_adj || true
  export "${__koala_environment[@]}"
  exec "$@"
}

main "$@"
