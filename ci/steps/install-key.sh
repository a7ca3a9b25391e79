#!/usr/bin/env bash
# The install key: all that an install depends on. While it is what it was, what the last build installed is good for this
# one; this file remembers it, and discards what was installed where it is of no use. A library of the step install.
set -Eeuo pipefail

install-key::list_inputs() { # writes the files that toolchain and install depend on, with their blobs, to $RUN/inputs
  local -a files=(package.json .nvmrc .node-version 'patches/**')
  manager::all lockfiles && files+=("${WORDS[@]}")
  manager::all inputs && files+=("${WORDS[@]}")
  # As the index has them, which is what the checkout wrote.
  run_as_build git -C "$WORKSPACE" ls-files --stage -- "${files[@]/#/':(glob)**/'}" >"$RUN/inputs"
}

install-key::compute() { # prints all that an install depends on
  printf '%s\n' "${FACTS[node]}" "${FACTS[manager]}" "${FACTS[manager_version]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
  install-key::_variables
  printf '%s\0' "${JOB_ENV[@]}" | grep -zE "^($REPLY)=" | sha256sum
  # Install scripts of the project's own, and submodules, may bring in anything.
  if install-key::_has_scripts; then
    as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}'
    printf '%s\0' "${JOB_ENV[@]}" | sha256sum
  fi
}

install-key::_variables() { # sets REPLY: an extended regular expression for the variables that change what an install does
  local flavour names='NODE_ENV|NODE_OPTIONS'
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" variables
    names+="|$REPLY"
  done
  REPLY=$names
}

install-key::_has_scripts() { # looked up once for the same manifests
  local pattern='"(preinstall|install|postinstall|prepare|prepublish|preprepare|postprepare|dependencies)"[[:space:]]*:[[:space:]]*"'
  local answer=no inputs
  lib::exists "$WORKSPACE/.gitmodules" && return 0
  inputs=$(<"$RUN/inputs")
  if [[ -f $STATE/scripts && $(tail -n +2 "$STATE/scripts") == "$inputs" ]]; then
    [[ $(head -n 1 "$STATE/scripts") == yes ]]
    return
  fi
  if as_build git -C "$WORKSPACE" grep -qE "$pattern" -- ':(glob)**/package.json'; then answer=yes; fi
  printf '%s\n' "$answer" "$inputs" >"$STATE/scripts"
  [[ $answer == yes ]]
}

install-key::is_unchanged() { # usage: install-key::is_unchanged DIRECTORY KEY; and what it made is still there
  local directory=$1 key=$2 stamp
  [[ -f $STATE/install && $(<"$STATE/install") == "$key" ]] || return 1
  while IFS= read -r -d '' stamp; do [[ -f $stamp ]] || return 1; done <"$STATE/stamps"
}

install-key::remember() { # usage: install-key::remember DIRECTORY KEY; with a stamp in each node_modules: one that a build removes is missed
  local directory=$1 key=$2 name
  # shellcheck disable=SC2016 # the inner shell's
  as_build find "$directory" -name node_modules -prune -type d -exec sh -c ': >"$1/.koalaci"' sh {} \; -printf '%p/.koalaci\0' >"$STATE/stamps"
  manager::call "${FACTS[flavour]}" dependencies
  for name in "${WORDS[@]#\*\*/}"; do
    if [[ -f $directory/$name ]]; then printf '%s\0' "$directory/$name" >>"$STATE/stamps"; fi
  done
  # It tells of the environment's secrets, if only as a hash.
  (umask 077 && printf '%s\n' "$key" >"$STATE/install")
  printf '%s\n' "${FACTS[node]%%.*} ${FACTS[manager]}" >"$STATE/kind"
}

install-key::start_anew() { # another Node major or package manager: what was compiled or laid out for the old one is of no use
  local now="${FACTS[node]%%.*} ${FACTS[manager]}"
  [[ -f $STATE/kind && $(<"$STATE/kind") != "$now" ]] || return 0
  echo "koalaci: node and package manager were $(<"$STATE/kind"), now $now: dependencies and caches start anew"
  install-key::discard
}

install-key::discard() { # whatever git does not track
  rm -f "$STATE/install" "$STATE/stamps"
  lib::open_up
  as_build git -C "$WORKSPACE" clean -ffdxq
}
