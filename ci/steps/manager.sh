#!/usr/bin/env bash
# Package managers: loads managers/*.sh and asks them; a library. No question starts a process, unless its file says so.
#
# Each file of managers/ is one flavour of a package manager: it enters itself into MANAGERS and answers questions in its
# name space, such as npm::lockfiles. default.sh lists the questions. An answer is the exit code (yes or no), REPLY (a
# word) or WORDS (a list).
set -Eeuo pipefail

# Programs of jq that decide something; the steps ask them too.
# shellcheck disable=SC2034
readonly DECISIONS="${BASH_SOURCE[0]%/*}/decisions"
# The flavours by the order in which a project is compared with them.
declare -a MANAGERS=()
declare -a WORDS=()

manager::load() {
  local file
  for file in "${BASH_SOURCE[0]%/*}"/managers/*.sh; do
    # shellcheck source=/dev/null
    source "$file"
  done
}

manager::call() { # usage: manager::call FLAVOUR QUESTION [ARGUMENT…]; default.sh answers what the flavour itself does not
  local asked=$1
  if ! declare -F "$1::$2" >/dev/null; then asked=default; fi
  "$asked::$2" "${@:3}"
}

manager::all() { # usage: manager::all QUESTION; sets WORDS: the lists of all flavours, one after the other
  local flavour
  local -a all=()
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" "$1"
    all+=("${WORDS[@]}")
  done
  WORDS=("${all[@]}")
}

manager::each() { # usage: manager::each QUESTION; for what the answers add to variables
  local flavour
  for flavour in "${MANAGERS[@]}"; do manager::call "$flavour" "$1"; done
}

manager::any() { # usage: manager::any QUESTION; whether a flavour says yes
  local flavour
  for flavour in "${MANAGERS[@]}"; do
    if manager::call "$flavour" "$1"; then return 0; fi
  done
  return 1
}

manager::find_lockfile() { # usage: manager::find_lockfile FLAVOUR; sets REPLY: the nearest one, from project_root upwards
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

manager::detect() { # sets REPLY: the name of the package manager whose lockfile is there
  local flavour
  for flavour in "${MANAGERS[@]}"; do
    if manager::find_lockfile "$flavour"; then manager::call "$flavour" name && return 0; fi
  done
  return 1
}

manager::flavours() { # usage: manager::flavours NAME; sets WORDS: those that a job and package.json call by that name
  local flavour
  WORDS=()
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" name
    [[ $REPLY != "$1" ]] || WORDS+=("$flavour")
  done
  ((${#WORDS[@]}))
}

manager::of_project() { # usage: manager::of_project NAME; sets REPLY: the flavour that the project's files are made for
  local flavour
  manager::flavours "$1" || return 1
  for flavour in "${WORDS[@]}"; do
    if manager::call "$flavour" fits_project; then break; fi
  done
  REPLY=$flavour
}

manager::of_version() { # usage: manager::of_version NAME VERSION; sets REPLY: the flavour that the version belongs to
  local flavour
  manager::flavours "$1" || return 1
  for flavour in "${WORDS[@]}"; do
    manager::call "$flavour" versions
    if [[ $2 =~ $REPLY ]]; then break; fi
  done
  REPLY=$flavour
}

manager::load
