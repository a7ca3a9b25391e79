#!/usr/bin/env bash
# Package managers: loads managers/*.sh and asks them questions; a library.
#
# Each file in managers/ is one flavour of a package manager. It registers itself in MANAGERS and answers questions with
# functions in its name space, such as npm::lockfiles. default.sh lists the questions. An answer is the exit code (yes or
# no), REPLY (a word) or WORDS (a list), because $(…) would start a process. Few answers start one to look into the project.
set -Eeuo pipefail

# jq programs that make decisions; the steps use them too.
# shellcheck disable=SC2034
readonly DECISIONS="${BASH_SOURCE[0]%/*}/decisions"
# The flavours, in the order in which koalaci tries them on a project.
declare -a MANAGERS=()
declare -a WORDS=()

manager::load() {
  local file
  for file in "${BASH_SOURCE[0]%/*}"/managers/*.sh; do
    # shellcheck source=/dev/null
    source "$file"
  done
}

manager::call() { # usage: manager::call FLAVOUR QUESTION [ARGUMENT…]; uses the answer in default.sh if the flavour has none
  local asked=$1
  if ! declare -F "$1::$2" >/dev/null; then asked=default; fi
  "$asked::$2" "${@:3}"
}

manager::all() { # usage: manager::all QUESTION; sets WORDS to the lists of all flavours together
  local flavour
  local -a all=()
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" "$1"
    all+=("${WORDS[@]}")
  done
  WORDS=("${all[@]}")
}

manager::each() { # usage: manager::each QUESTION; calls every flavour, for answers that add to variables
  local flavour
  for flavour in "${MANAGERS[@]}"; do manager::call "$flavour" "$1"; done
}

manager::any() { # usage: manager::any QUESTION; whether any flavour says yes
  local flavour
  for flavour in "${MANAGERS[@]}"; do
    if manager::call "$flavour" "$1"; then return 0; fi
  done
  return 1
}

manager::find_lockfile() { # usage: manager::find_lockfile FLAVOUR; sets REPLY to the nearest one, from project_root upwards
  local directory=${FACTS[project]} name
  manager::call "$1" lockfiles
  while :; do
    for name in "${WORDS[@]}"; do
      REPLY=$directory/$name
      if [[ -f $REPLY ]]; then return 0; fi
    done
    [[ $directory != "$WORKSPACE" ]] || return 1
    directory=${directory%/*}
  done
}

manager::detect() { # sets REPLY to the name of the first package manager whose lockfile the project has
  local flavour
  for flavour in "${MANAGERS[@]}"; do
    if manager::find_lockfile "$flavour"; then manager::call "$flavour" name && return 0; fi
  done
  return 1
}

manager::flavours() { # usage: manager::flavours NAME; sets WORDS to the flavours that jobs and package.json call NAME
  local flavour
  WORDS=()
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" name
    [[ $REPLY != "$1" ]] || WORDS+=("$flavour")
  done
  ((${#WORDS[@]}))
}

manager::of_project() { # usage: manager::of_project NAME; sets REPLY to the flavour that the project uses
  local flavour
  manager::flavours "$1" || return 1
  for flavour in "${WORDS[@]}"; do
    if manager::call "$flavour" fits_project; then break; fi
  done
  REPLY=$flavour
}

manager::of_version() { # usage: manager::of_version NAME VERSION; sets REPLY to the flavour that the version belongs to
  local flavour
  manager::flavours "$1" || return 1
  for flavour in "${WORDS[@]}"; do
    manager::call "$flavour" versions
    if [[ $2 =~ $REPLY ]]; then break; fi
  done
  REPLY=$flavour
}

manager::load
