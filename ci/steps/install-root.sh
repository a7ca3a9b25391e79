#!/usr/bin/env bash
# Where a project's dependencies are installed: in project_root, or in the root of the workspaces that it belongs to. A library
# of the step install.
set -Eeuo pipefail

# What install-root::find finds out: the directory, and its lockfile, if it has one.
declare INSTALL_ROOT='' LOCKFILE=''
# The nearest root of workspaces above the project, whether they have it as a member or not.
declare WORKSPACES_ABOVE=''

install-root::find() { # usage: install-root::find FLAVOUR; sets INSTALL_ROOT, and LOCKFILE, which may be empty
  local project=${FACTS[project]}
  INSTALL_ROOT=$project LOCKFILE=''
  if manager::find_lockfile "$1"; then LOCKFILE=$REPLY; fi
  if [[ $project == "$WORKSPACE" || ${LOCKFILE%/*} == "$project" ]]; then return 0; fi
  if install-root::of_workspaces "$1"; then INSTALL_ROOT=$REPLY
  # What needs nothing of its own may use what is above it.
  elif [[ -n $LOCKFILE && ${FACTS[dependencies]} == 0 ]]; then INSTALL_ROOT=${LOCKFILE%/*}
  fi
  # A lockfile further up is another project's.
  if [[ ${LOCKFILE%/*} != "$INSTALL_ROOT" ]]; then LOCKFILE=''; fi
}

install-root::of_workspaces() { # usage: install-root::of_workspaces FLAVOUR; sets REPLY to the root of the workspaces that have the project as a member
  local project=${FACTS[project]} list
  local directory=$project
  manager::call "$1" workspaces_in && list=$REPLY
  while [[ $directory != "$WORKSPACE" ]]; do
    directory=${directory%/*}
    [[ -f $directory/$list ]] || continue
    WORKSPACES_ABOVE=${WORKSPACES_ABOVE:-$directory}
    if run_as_build node --no-warnings "$DECISIONS/is-member.cjs" "$directory/$list" "${project#"$directory"/}" 2>/dev/null; then
      REPLY=$directory
      return 0
    fi
  done
  return 1
}
