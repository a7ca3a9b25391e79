#!/usr/bin/env bash
# Installs a project that has no lockfile: the package manager chooses the versions. A library of the step install.
set -Eeuo pipefail

install-plain::begin() { # usage: install-plain::begin FLAVOUR; says that there is no lockfile; fails if there must be one
  local name file others='' why
  manager::call "$1" name && name=$REPLY
  manager::call "$1" lockfiles && file=${WORDS[-1]} why='there is no lockfile'
  if manager::find_lockfile "$1"; then
    why="${INSTALL_ROOT#"$WORKSPACE"/} has no $file of its own, and is no workspace of what is above it"
  elif install-plain::_find_other; then
    why="there is no $file for $name, but a ${REPLY% *}" others=${REPLY#* }
  fi
  if [[ -n ${JOB[frozen]:-} ]]; then
    fail install_failed "$why" \
      "${others:+Set project_package_manager to $others (or auto), or run}${others:-Run} \"$name install\" there and commit $file; or allow builds without (frozen_lockfile)."
  fi
  manager::call "$1" plain
  echo "koalaci: $why: ${WORDS[*]:0:2} chooses the versions;" \
    "${others:+set project_package_manager to $others (or auto), or }commit $file so that builds get the same ones each time"
}

install-plain::_find_other() { # sets REPLY to the name of another package manager's lockfile in that directory, and of that package manager
  local other found
  for other in "${MANAGERS[@]}"; do
    manager::find_lockfile "$other" || continue
    if [[ ${REPLY%/*} != "$INSTALL_ROOT" ]]; then continue; fi
    found=${REPLY##*/}
    manager::call "$other" name
    REPLY="$found $REPLY"
    return 0
  done
  return 1
}

install-plain::run() { # usage: install-plain::run FLAVOUR; installs from nothing, with the versions that it chose for the last build if they hold
  local flavour=$1
  install::from_nothing "$flavour"
  if kept-lockfile::holds; then
    kept-lockfile::put
    manager::call "$flavour" before_plain
    manager::call "$flavour" plain
    if install::watched "$flavour" 'the versions of the last build'; then
      kept-lockfile::take "$flavour" && install-result::record
      return
    fi
    # One of them may be gone from the registry.
    echo 'koalaci: the install with the versions of the last build failed; choosing them anew'
    install::from_nothing "$flavour"
  fi
  kept-lockfile::forget
  manager::call "$flavour" before_plain
  manager::call "$flavour" plain
  install::decisive "$flavour" 'no lockfile'
  kept-lockfile::take "$flavour"
  install-result::record
}
