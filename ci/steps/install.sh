#!/usr/bin/env bash
# Step install: installs the project's dependencies exactly as in its lockfile; a library.
#
# What the last install made is kept while nothing that it depends on has changed. Else the install starts from nothing, or
# only adds and removes what differs, where the package manager does that exactly and no install script would have to run again.
set -Eeuo pipefail

step::install() {
  local flavour lockfile directory key
  [[ ${FACTS[manager]} != none ]] || install::nothing 'no package manager'
  flavour=${FACTS[flavour]}
  manifest::find "${FACTS[project]}" || install::nothing 'no package.json'
  if ! manager::find_lockfile "$flavour"; then
    [[ ${FACTS[dependencies]} != 0 ]] || install::nothing 'no dependencies'
    install::no_lockfile "$flavour"
  fi
  lockfile=$REPLY directory=${REPLY%/*}
  [[ ${FACTS[dependencies]} != 0 ]] || [[ $directory != "${FACTS[project]}" ]] || install::nothing 'no dependencies'
  cd -- "$directory"
  key=$(install-key::compute)
  if install-key::is_unchanged "$key"; then
    install-result::reapply
    skip 'dependencies are unchanged'
  fi
  install-key::start_anew
  credentials::narrow
  credentials::environment install
  BUILD_ENV+=("${WORDS[@]}")
  lib::build_env "$directory"
  # tsc believes its notes, and does not look at the types of packages again.
  if [[ $(<"$CACHE_PATTERNS") == *tsbuildinfo* ]]; then as_tree forget_types; fi
  install::run "$flavour" "$lockfile"
  if install-result::keep_home && install::_outside_submodules; then install-key::remember; else install-key::forget; fi
}

install::_outside_submodules() { # whether all of the packages are where settle.sh leaves them
  [[ ! -f $WORKSPACE/.gitmodules ]] || ! as_tree in_submodules
}

install::nothing() { # usage: install::nothing WHY; ends the step; what an earlier build installed goes
  if [[ -f $STATE/install || -f $STATE/owned ]]; then install-result::discard; fi
  skip "$1"
}

install::run() { # usage: install::run FLAVOUR LOCKFILE; if an install on top of the last one fails, installs again from nothing
  local flavour=$1 lockfile=$2 checking rc
  if install::_may_keep && manager::call "$flavour" incremental "$lockfile"; then
    install-result::drop_orphans
    install-result::reapply_home
    cp "$STATE/reads" "$RUN/reads"
    if install::_watched "$flavour" "$lockfile"; then
      # What the last install has read is still what its part depends on.
      sort -z -u "$RUN/reads" "$STATE/reads" >"$RUN/all-reads" && cat "$RUN/all-reads" >"$STATE/reads"
      manager::call "$flavour" is_exact "$lockfile" &
      checking=$!
      # If it is not exact, all of it is discarded.
      install-result::record
      if wait "$checking"; then return 0; fi
    fi
    echo 'koalaci: the install on top of the last one failed; installing from nothing'
  fi
  if [[ -f $STATE/owned ]]; then install-result::discard; fi
  tool-caches::drop_of_packages
  manager::call "$flavour" drop_mutable
  manager::call "$flavour" frozen
  install::_watched "$flavour" "$lockfile" || {
    rc=$?
    credentials::blame
    return "$rc"
  }
  install-result::record
}

install::_may_keep() { # whether an install may start from what the last one made: what scripts made of it must be as it would be now
  local line
  [[ -f $STATE/install && -f $STATE/scripts && $(install-key::of_scripts) == "$(<"$STATE/scripts")" ]] || return 1
  [[ ! -f $STATE/changed && ! -s $STATE/deleted ]] || return 1
  while IFS= read -r -d '' line; do
    # What one of the project's own scripts makes may be anywhere.
    if [[ $line == own ]]; then return 1; fi
  done <"$STATE/reads"
  ! grep -zqvE '(^|/)node_modules(/|$)' "$STATE/owned"
}

install::_watched() { # usage: install::_watched FLAVOUR LOCKFILE; runs the command in WORDS, and records what it reads
  local flavour=$1 lockfile=$2 rc=0
  local -a command=("${WORDS[@]}")
  fact note "${command[*]}"
  echo "koalaci: ${command[*]} (${lockfile#"$WORKSPACE"/})"
  install-result::begin
  : >"$INSTALLED"
  install-watch::start
  install::_mark_scripts "$flavour"
  credentials::open "${!ROW_HOST[@]}"
  as_build "${command[@]}" || rc=$?
  credentials::close
  ((rc == 0)) || manager::call "$flavour" add_words
  install-watch::stop "$STATE/reads"
  as_tree separate >>"$STATE/reads"
  if ((rc == 0)) && ! manager::call "$flavour" marks_scripts && as_tree has_scripts; then
    # Nobody knows when they ran: each of them may have read everything.
    sed -zi 's/^f /F /; s/^d /D /' "$STATE/reads"
    printf 'scripts\0' >>"$STATE/reads"
  fi
  return "$rc"
}

install::_mark_scripts() { # usage: install::_mark_scripts FLAVOUR; has npm and pnpm say when scripts run
  if manager::call "$1" marks_scripts; then
    BUILD_ENV+=(npm_config_script_shell=/koala/steps/script-shell.sh pnpm_config_script_shell=/koala/steps/script-shell.sh)
  fi
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
