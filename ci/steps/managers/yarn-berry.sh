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

yarn-berry::refused_scripts() { cat "$NAMED"; }
yarn-berry::refused_line() { # YN0004: no package may run scripts; YN0005: dependenciesMeta says so of this one
  REPLY='^➤ [YN0-9: ]*│ ((@[^/ ]+/)?[^/@ ]+)@.* lists build scripts, but (all build scripts have|its build has) been (explicitly )?disabled( through configuration)?\.$'
}
yarn-berry::allowed_by() { REPLY='yarn runs those of the packages that dependenciesMeta in package.json has as built, and all with enableScripts in .yarnrc.yml'; }

yarn-berry::inputs() { WORDS=(.yarnrc.yml '.yarn/**'); }
yarn-berry::variables() { REPLY='YARN_.*'; }

yarn-berry::base_environment() { BUILD_ENV+=(YARN_ENABLE_TELEMETRY=0); }
yarn-berry::downloads() { WORDS=(.yarn/berry/cache .yarn/berry/metadata); }

yarn-berry::package() { REPLY=@yarnpkg/cli-dist; }
yarn-berry::versions() { REPLY='^([2-9]|[1-9][0-9]+)\.'; }
yarn-berry::usual_ranges() { WORDS=('>=2' '>=4.1 <4.14' '4.14' '>=4.15'); }
yarn-berry::version_for() { # each writes the lockfile in its own format, and `--immutable` refuses every other
  local lockfile version
  REPLY='>=2' REPLY_WHY=''
  manager::find_lockfile yarn-berry || { REPLY='>=2' && return; }
  lockfile=$REPLY REPLY='>=2'
  version=$(run_as_build sed -nE '/^__metadata:/,/^$/ s/^ +version: "?([0-9]+).*/\1/p' "$lockfile" | head -n 1)
  case $version in
    4) REPLY='>=2 <3.1' ;;
    5) REPLY='3.1' ;;
    6) REPLY='>=3.2 <4' ;;
    # From 4.1 on, checksums have the cache's key before them.
    8) REPLY='>=4.1 <4.14' && if run_as_build grep -qE -m 1 '^  checksum: [0-9a-f]+$' "$lockfile"; then REPLY='4.0'; fi ;;
    9) REPLY='4.14' ;;
    1[0-9]) REPLY='>=4.15' ;;
    *) return 0 ;;
  esac
  REPLY_WHY="yarn.lock $version"
}
