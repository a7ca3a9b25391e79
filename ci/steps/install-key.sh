#!/usr/bin/env bash
# The install key: everything that an install depends on. If it has not changed, this build can use what the last one
# installed. This file computes and remembers the key, and discards dependencies that cannot be used. A library of the step
# install.
set -Eeuo pipefail

install-key::list_inputs() { # lists the files that toolchain and install depend on, with their blob ids, in $RUN/inputs
  local -a files=(package.json .nvmrc .node-version 'patches/**')
  manager::all lockfiles && files+=("${WORDS[@]}")
  manager::all inputs && files+=("${WORDS[@]}")
  # From the index: it has what the checkout wrote.
  run_as_build git -C "$WORKSPACE" ls-files --stage -- "${files[@]/#/':(glob)**/'}" >"$RUN/inputs"
}

install-key::compute() { # prints the install key
  printf '%s\n' "${FACTS[node]}" "${FACTS[manager]}" "${FACTS[manager_version]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
  install-key::_variables
  printf '%s\0' "${JOB_ENV[@]}" | grep -zE "^($REPLY)=" | sha256sum
  # The project's own install scripts and submodules can depend on any file and any variable.
  if install-key::_has_scripts; then
    as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}'
    printf '%s\0' "${JOB_ENV[@]}" | sha256sum
  fi
}

install-key::_variables() { # sets REPLY: an extended regular expression for the names of variables that affect an install
  local flavour names='NODE_ENV|NODE_OPTIONS'
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" variables
    names+="|$REPLY"
  done
  REPLY=$names
}

install-key::_has_scripts() { # remembers its answer for as long as the manifests do not change
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

install-key::is_unchanged() { # usage: install-key::is_unchanged DIRECTORY KEY; whether the last install had this key and is still there
  local directory=$1 key=$2 stamp
  [[ -f $STATE/install && $(<"$STATE/install") == "$key" ]] || return 1
  while IFS= read -r -d '' stamp; do [[ -f $stamp ]] || return 1; done <"$STATE/stamps"
}

install-key::remember() { # usage: install-key::remember DIRECTORY KEY
  local directory=$1 key=$2 name
  # A stamp in each node_modules, so that is_unchanged notices if a build has removed one.
  # shellcheck disable=SC2016 # the inner shell expands it
  as_build find "$directory" -name node_modules -prune -type d -exec sh -c ': >"$1/.koalaci"' sh {} \; -printf '%p/.koalaci\0' >"$STATE/stamps"
  manager::call "${FACTS[flavour]}" dependencies
  for name in "${WORDS[@]#\*\*/}"; do
    if [[ -f $directory/$name ]]; then printf '%s\0' "$directory/$name" >>"$STATE/stamps"; fi
  done
  # The key holds a hash of secrets.
  (umask 077 && printf '%s\n' "$key" >"$STATE/install")
  printf '%s\n' "${FACTS[node]%%.*} ${FACTS[manager]}" >"$STATE/kind"
}

install-key::start_anew() { # discards what was installed for another major version of Node or another package manager
  local now="${FACTS[node]%%.*} ${FACTS[manager]}"
  [[ -f $STATE/kind && $(<"$STATE/kind") != "$now" ]] || return 0
  echo "koalaci: node and package manager were $(<"$STATE/kind"), now $now: dependencies and caches are discarded"
  install-key::discard
}

install-key::discard() { # removes everything that git does not track
  rm -f "$STATE/install" "$STATE/stamps"
  lib::open_up
  as_build git -C "$WORKSPACE" clean -ffdxq
}
