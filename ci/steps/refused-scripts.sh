#!/usr/bin/env bash
# The packages whose install scripts a package manager did not run, because the project has not allowed them: the log and the
# record name them, also when an install is skipped. A library of the step install.
set -Eeuo pipefail

# One per line; and those that an install has named while it ran.
readonly REFUSED=$STATE/refused NAMED=$RUN/named-refused

refused-scripts::run() { # usage: refused-scripts::run FLAVOUR COMMAND…; runs an install, and reads what it says where the package manager cannot be asked afterwards
  local rc=0 reader
  local -a command
  lib::program "$2"
  command=("$REPLY" "${@:3}")
  manager::call "$1" refused_line
  : >"$NAMED"
  if [[ -z $REPLY ]]; then
    # The log is opened anew, as in entrypoint.sh.
    refused-scripts::_install "${command[@]}" >/proc/self/fd/1 2>&1 || rc=$?
    lib::end_command
    return "$rc"
  fi
  # Without colours; each line is printed as soon as it is complete.
  refused-scripts::_install "${command[@]}" > >(LC_ALL=C sed -unE -e p -e 's/\x1b\[[0-9;]*m//g' -e "s#$REPLY#\1#w $NAMED") 2>&1 || rc=$?
  reader=$!
  # A process that the install left would hold the pipe open.
  lib::end_command
  wait "$reader"
  return "$rc"
}

refused-scripts::_install() { # usage: refused-scripts::_install COMMAND…; without the watcher's pipe, from which it could read what the watcher says
  (
    [[ -z $WATCHED ]] || exec {WATCHED}<&-
    exec_as_build "$@"
  )
}

refused-scripts::find() { # usage: refused-scripts::find FLAVOUR; after an install
  (
    # Not with a node that a script has left in the home.
    BUILD_ENV+=("PATH=${FACTS[path]#/home/build/.corepack/bin:}")
    manager::call "$1" refused_scripts 2>/dev/null
  ) | LC_ALL=C sort -u >"$REFUSED" || true
}

refused-scripts::tell() { # usage: refused-scripts::tell FLAVOUR
  local -a names
  [[ -s $REFUSED ]] || return 0
  mapfile -t names <"$REFUSED"
  fact refused_scripts "${names[*]}"
  manager::call "$1" allowed_by
  echo "koalaci: install scripts that did not run: $(printf '%s, ' "${names[@]}" | sed 's/, $//')${REPLY:+ ($REPLY)}"
}
