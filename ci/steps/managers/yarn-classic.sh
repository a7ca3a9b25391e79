#!/usr/bin/env bash
# yarn 1, classic. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

# After berry, which recognises its own projects: any other project with a yarn.lock is classic's.
MANAGERS[21]=yarn-classic

yarn-classic::name() { REPLY=yarn; }
yarn-classic::lockfiles() { WORDS=(yarn.lock); }

yarn-classic::frozen() { WORDS=(yarn install --frozen-lockfile --non-interactive); }

yarn-classic::plain() { WORDS=(yarn install --non-interactive); }

yarn-classic::dev_variables() { REPLY='YARN_PRODUCTION|[Nn][Pp][Mm]_[Cc][Oo][Nn][Ff][Ii][Gg]_[Pp][Rr][Oo][Dd][Uu][Cc][Tt][Ii][Oo][Nn]'; }
yarn-classic::with_dev() {
  if run_as_build grep -qsE '^-*(install\.)?production\b' "$PWD"/{.npmrc,.yarnrc}; then return 1; fi
  WORDS+=(--production=false)
  REPLY=YARN_PRODUCTION=true
}

yarn-classic::inputs() { WORDS=(.npmrc .yarnrc); }
yarn-classic::variables() { REPLY='YARN_.*'; }

yarn-classic::downloads() { WORDS=(.cache/yarn); }
yarn-classic::parts_of_download() { REPLY=2; } # v6/npm-react-19.0.0-…: the unpacked package

yarn-classic::package() { REPLY=yarn; }
yarn-classic::version_for() { REPLY='<2' REPLY_WHY=''; }
yarn-classic::usual_ranges() { WORDS=('<2'); }
# The package also has a few newer versions: early releases of berry.
yarn-classic::versions() { REPLY='^[01]\.'; }
