#!/usr/bin/env bash
# Step install: installs the project's dependencies exactly as in its lockfile; a library.
set -Eeuo pipefail

step::install() {
  local flavour lockfile directory key
  [[ ${FACTS[manager]} != none ]] || skip 'no package manager'
  flavour=${FACTS[flavour]}
  lib::exists "${FACTS[project]}/package.json" || skip 'no package.json'
  if ! manager::find_lockfile "$flavour"; then
    [[ ${FACTS[dependencies]} != 0 ]] || skip 'no dependencies'
    install::no_lockfile "$flavour"
  fi
  lockfile=$REPLY directory=${REPLY%/*}
  [[ ${FACTS[dependencies]} != 0 ]] || [[ $directory != "${FACTS[project]}" ]] || skip 'no dependencies'
  cd -- "$directory"
  key=$(install-key::compute)
  if install-key::is_unchanged "$directory" "$key"; then skip 'dependencies are unchanged'; fi
  install-key::start_anew
  lib::build_env "$directory"
  install::run "$flavour" "$lockfile"
  install-key::remember "$directory" "$key"
}

install::run() { # usage: install::run FLAVOUR LOCKFILE; if a warm install fails, discards what the last build left and installs again
  local flavour=$1 lockfile=$2 incremental='' rc=0
  if [[ -f $STATE/install ]] && manager::call "$flavour" incremental "$lockfile"; then incremental=1
  else manager::call "$flavour" frozen
  fi
  local -a command=("${WORDS[@]}")
  fact note "${command[*]}"
  echo "koalaci: ${command[*]} (${lockfile#"$WORKSPACE"/})"
  as_build "${command[@]}" || rc=$?
  if ((rc == 0)) && { [[ -z $incremental ]] || manager::call "$flavour" is_exact "$lockfile"; }; then return 0; fi
  [[ -f $STATE/install ]] || exit "$rc"
  echo 'koalaci: the install on top of the last one failed; installing from nothing'
  install-key::discard
  manager::call "$flavour" frozen
  as_build "${WORDS[@]}"
}

install::no_lockfile() { # usage: install::no_lockfile FLAVOUR; fails, and says what to do
  local name names other found
  manager::call "$1" name && name=$REPLY
  manager::call "$1" lockfiles && names=${WORDS[*]}
  for other in "${MANAGERS[@]}"; do
    manager::find_lockfile "$other" || continue
    found=${REPLY##*/}
    manager::call "$other" name
    fail install_failed "there is no ${names##* } for $name, but a $found" \
      "Set project_package_manager to $REPLY (or auto), or commit ${names##* }."
  done
  fail install_failed "there is no lockfile (${names// / or })" \
    "Run \"$name install\" in the project and commit ${names##* }."
}
