#!/usr/bin/env bash
# Step install: installs the project's dependencies exactly as in its lockfile; a library.
#
# What the last install made is kept while nothing that it depends on has changed. Else the install starts from nothing, or
# only adds and removes what differs, where the package manager does that exactly and no install script would have to run again.
set -Eeuo pipefail

step::install() {
  local flavour key
  nothing-to-build::by_command
  [[ ${FACTS[manager]} != none ]] || install::nothing 'no package manager'
  flavour=${FACTS[flavour]}
  manifest::find "${FACTS[project]}" || install::nothing 'no package.json'
  install-root::find "$flavour"
  [[ ${FACTS[dependencies]} != 0 || $INSTALL_ROOT != "${FACTS[project]}" ]] || install::nothing 'no dependencies'
  if [[ -z $LOCKFILE ]]; then install-plain::begin "$flavour"; else kept-lockfile::forget; fi
  fact lockfile "${LOCKFILE#"$WORKSPACE"/}"
  fact install_root "$INSTALL_ROOT"
  cd -- "$INSTALL_ROOT"
  key=$(install-key::compute)
  if install-key::is_unchanged "$key" && { [[ -n $LOCKFILE ]] || kept-lockfile::holds; }; then
    install-result::reapply
    kept-lockfile::show "$flavour"
    refused-scripts::tell "$flavour"
    install::unchanged
  fi
  install-key::start_anew
  credentials::narrow
  credentials::environment install
  BUILD_ENV+=("${WORDS[@]}")
  # Package managers give their scripts the programs of dependencies.
  lib::build_env
  # tsc believes its notes, and does not look at the types of packages again.
  if [[ $(<"$CACHE_PATTERNS") == *tsbuildinfo* ]]; then as_tree forget_types; fi
  if [[ -n $LOCKFILE ]]; then install::run "$flavour" "$LOCKFILE"; else install-plain::run "$flavour"; fi
  if install-result::keep_home && install::_outside_submodules; then install-key::remember; else install-key::forget; fi
  kept-lockfile::show "$flavour"
  refused-scripts::tell "$flavour"
}

install::unchanged() { # ends the step: what an install depends on is as it was
  local -a inputs
  mapfile -t inputs <"$RUN/inputs"
  if ((${#inputs[@]} == 1)); then skip '1 input unchanged'; fi
  skip "${#inputs[@]} inputs unchanged"
}

install::_outside_submodules() { # whether all of the packages are where settle.sh leaves them
  [[ ! -f $WORKSPACE/.gitmodules ]] || ! as_tree in_submodules
}

install::nothing() { # usage: install::nothing WHY; ends the step; what an earlier build installed goes
  if [[ -f $STATE/install || -f $STATE/owned ]]; then install-result::discard; fi
  kept-lockfile::forget
  skip "$1"
}

install::run() { # usage: install::run FLAVOUR LOCKFILE; if an install on top of the last one fails, installs again from nothing
  local flavour=$1 lockfile=$2 checking
  if install::_may_keep && manager::call "$flavour" incremental "$lockfile"; then
    install-result::drop_orphans
    install-result::reapply_home
    cp "$STATE/reads" "$RUN/reads"
    if install::watched "$flavour" "${lockfile#"$WORKSPACE"/}"; then
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
  install::from_nothing "$flavour"
  manager::call "$flavour" frozen
  install::decisive "$flavour" "${lockfile#"$WORKSPACE"/}"
  install-result::record
}

install::from_nothing() { # usage: install::from_nothing FLAVOUR; removes what an install could take for its own
  if [[ -f $STATE/owned ]]; then install-result::discard; fi
  tool-caches::drop_of_packages
  manager::call "$1" drop_mutable
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

install::decisive() { # usage: install::decisive FLAVOUR FROM; as install::watched; if it fails, the step does
  local rc=0
  install::watched "$@" || rc=$?
  ((rc == 0)) && return
  credentials::blame
  exit "$rc"
}

install::watched() { # usage: install::watched FLAVOUR FROM; runs the command in WORDS, and records what it reads; FROM: for the log
  local flavour=$1 rc=0
  local -a command
  install::_with_dev "$flavour"
  command=("${WORDS[@]}")
  fact note "${command[*]}"
  echo "koalaci: ${command[*]} ($2)"
  install-result::begin
  : >"$INSTALLED"
  install-watch::start
  install::_mark_scripts "$flavour"
  credentials::open "${!ROW_HOST[@]}"
  refused-scripts::run "$flavour" "${command[@]}" || rc=$?
  credentials::close
  ((rc == 0)) || manager::call "$flavour" add_words
  install-watch::stop "$STATE/reads"
  as_tree separate >>"$STATE/reads"
  if ((rc == 0)) && ! manager::call "$flavour" marks_scripts && as_tree has_scripts; then
    # Nobody knows when they ran: each of them may have read everything.
    sed -zi 's/^f /F /; s/^d /D /' "$STATE/reads"
    printf 'scripts\0' >>"$STATE/reads"
  fi
  if ((rc == 0)); then refused-scripts::find "$flavour"; fi
  return "$rc"
}

install::_with_dev() { # usage: install::_with_dev FLAVOUR; adds to WORDS, so that NODE_ENV=production does not leave out what builds are made with
  local pair production='' own
  manager::call "$1" dev_variables && own=$REPLY
  for pair in "${JOB_ENV[@]}"; do
    if [[ ${pair%%=*} =~ ^($own)$ ]]; then return 0; fi
    if [[ $pair == NODE_ENV=production ]]; then production=1; fi
  done
  if [[ -z $production ]] || ! manager::call "$1" with_dev; then return 0; fi
  echo "koalaci: NODE_ENV is production, but devDependencies are installed too: builds need them; $REPLY in env leaves them out"
}

install::_mark_scripts() { # usage: install::_mark_scripts FLAVOUR; has npm and pnpm say when scripts run
  if manager::call "$1" marks_scripts; then
    BUILD_ENV+=(npm_config_script_shell=/koala/steps/script-shell.sh pnpm_config_script_shell=/koala/steps/script-shell.sh)
  fi
}
