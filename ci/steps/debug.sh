#!/usr/bin/env bash
# A shell, or one command, in a container that is kept for debugging: as the build user, in the project, in the environment of its
# build without the job's own variables. A program, which docker exec runs as root.
#
# usage: debug.sh [COMMAND…]
set -Eeuo pipefail
# shellcheck source=protocol.sh
source "${BASH_SOURCE[0]%/*}/protocol.sh"
# shellcheck source=lib.sh
source "${BASH_SOURCE[0]%/*}/lib.sh"

main() {
  local path
  local -a command=("$@") left=()
  if (($# == 0)); then command=(/bin/bash); fi
  # As in a build.
  if [[ $(ulimit -Hn) == unlimited ]] || (($(ulimit -Hn) > 65536)); then ulimit -n 65536; fi
  if [[ -t 0 ]]; then
    # Programs open their terminal by its name.
    chmod a+rw "$(tty)"
    mapfile -d '' -t left <"$RUN/left-out"
    if ((${#left[@]})); then echo 'koalaci: these had a value of the job, and were left out:'; fi
    for path in "${left[@]:0:20}"; do printf '  %q\n' "${path#"$WORKSPACE"/}"; done
    if ((${#left[@]} > 20)); then echo "  and $((${#left[@]} - 20)) more"; fi
  fi
  # shellcheck disable=SC2016 # the inner shell expands it
  exec "${AS_BUILD[@]}" /koala/steps/as-build.sh /bin/bash -c 'cd -- "$1" && shift && exec "$@"' bash "$(<"$RUN/debug-project")" \
    "${command[@]}" 3< <(cat "$RUN/debug-env" && printf 'TERM=%s\0' "${TERM:-dumb}")
}

main "$@"
