#!/usr/bin/env bash
# Step build: the project's build command, as the build user; a library.
set -Eeuo pipefail

step::build() {
  local root=${FACTS[install_root]:-$WORKSPACE}
  : >"$BUILD_BEGAN"
  credentials::drop
  [[ ${JOB[command]} =~ [^[:space:]] ]] || skip 'no build command'
  tool-caches::tell_dropped
  standard-variables::add
  lib::build_env "${FACTS[project]}" "$root"
  tool-caches::drop_blind
  astro-store::drop_stale
  tool-caches::watch
  cd -- "${FACTS[project]}"
  reuse-watch::begin
  # As CI systems do: the first command that fails ends it, in a pipe too.
  exec_as_build /bin/bash -eo pipefail -c "${JOB[command]}"
}
