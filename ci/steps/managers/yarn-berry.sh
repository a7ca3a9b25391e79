#!/usr/bin/env bash
# yarn 2 and newer, berry. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

MANAGERS[20]=yarn-berry

yarn-berry::name() { REPLY=yarn; }
yarn-berry::lockfiles() { WORDS=(yarn.lock); }
yarn-berry::fits_project() { # berry has its own configuration file, and its own lockfile format
  local directory
  for directory in "${FACTS[project]}" "$WORKSPACE"; do
    if [[ -f $directory/.yarnrc.yml ]]; then return 0; fi
  done
  manager::find_lockfile yarn-berry && run_as_build grep -q '^__metadata:' "$REPLY"
}

yarn-berry::frozen() { WORDS=(yarn install --immutable); }

yarn-berry::plain() { WORDS=(yarn install --no-immutable); } # in CI it would be immutable
yarn-berry::before_plain() { run_as_build touch "$PWD/yarn.lock"; } # else one further up would claim the project
yarn-berry::wants_lockfile() { true; } # yarn run

yarn-berry::inputs() { WORDS=(.yarnrc.yml '.yarn/**'); }
yarn-berry::variables() { REPLY='YARN_.*'; }

yarn-berry::base_environment() { BUILD_ENV+=(YARN_ENABLE_TELEMETRY=0); }
yarn-berry::downloads() { WORDS=(.yarn/berry/cache .yarn/berry/metadata); }

yarn-berry::package() { REPLY=@yarnpkg/cli-dist; }
yarn-berry::versions() { REPLY='^([2-9]|[1-9][0-9]+)\.'; }
