#!/usr/bin/env bash
# Step build: the project's build command, as the build user; a library.
set -Eeuo pipefail

step::build() {
  local root=$WORKSPACE
  : >"$BUILD_BEGAN"
  credentials::drop
  [[ ${JOB[command]} =~ [^[:space:]] ]] || skip 'no build command'
  if [[ ${FACTS[manager]} != none ]] && manager::find_lockfile "${FACTS[flavour]}"; then root=${REPLY%/*}; fi
  tool-caches::tell_dropped
  lib::build_env "${FACTS[project]}" "$root"
  tool-caches::drop_blind
  tool-caches::watch
  cd -- "${FACTS[project]}"
  exec_as_build bash -c "${JOB[command]}"
}
