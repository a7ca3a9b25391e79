#!/usr/bin/env bash
# yarn 1, classic. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the answers are for those who ask
set -Eeuo pipefail

# After berry, which knows its projects: whatever else has a yarn.lock is classic's.
MANAGERS[21]=yarn-classic

yarn-classic::name() { REPLY=yarn; }
yarn-classic::lockfiles() { WORDS=(yarn.lock); }

yarn-classic::frozen() { WORDS=(yarn install --frozen-lockfile --non-interactive); }

yarn-classic::inputs() { WORDS=(.npmrc .yarnrc); }
yarn-classic::variables() { REPLY='YARN_.*'; }

yarn-classic::package() { REPLY=yarn; }
# The package has a few newer versions too, which are berry's first attempts.
yarn-classic::versions() { REPLY='^[01]\.'; }
