#!/usr/bin/env bash
# npm. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

# The last one: npm comes with Node, and if a project has two lockfiles, npm's is usually the stale one.
MANAGERS[40]=npm

npm::name() { REPLY=npm; }
npm::lockfiles() { WORDS=(npm-shrinkwrap.json package-lock.json); }

npm::frozen() { WORDS=(npm ci); }
npm::plain() { WORDS=(npm install); }
npm::incremental() { # `npm ci` would first remove node_modules
  local lockfile=$1 directory=${1%/*}
  local -a manifests
  WORDS=(npm install --no-save --prefer-offline)
  [[ -f $directory/node_modules/.package-lock.json ]] || return 1
  mapfile -t manifests < <(run_as_build jq -rf "$DECISIONS/npm-manifests.jq" "$lockfile" 2>/dev/null)
  run_as_build jq -esf "$DECISIONS/npm-on-top.jq" "$lockfile" "$directory/node_modules/.package-lock.json" \
    "${manifests[@]/#/"$directory/"}" >/dev/null 2>&1
}
npm::is_exact() {
  local lockfile=$1 directory=${1%/*}
  run_as_build jq -esf "$DECISIONS/npm-exact.jq" "$lockfile" "$directory/node_modules/.package-lock.json" >/dev/null 2>&1
}

npm::marks_scripts() { ! run_as_build grep -qs '^script-shell' "$PWD/.npmrc"; }

npm::add_words() { # which registry has refused access: npm says so in its own log only
  # shellcheck disable=SC2016 # the inner shell expands it
  run_at_home bash -c 'cd ~/.npm/_logs && grep -hoE "http fetch GET 40[13] https?://[^ @]+(@[^ @]+)?" "$(ls -t | head -n 1)" | tail -n 1 | sed "s/^/npm error /"' \
    2>/dev/null || true
}

npm::dev_variables() { REPLY='[Nn][Pp][Mm]_[Cc][Oo][Nn][Ff][Ii][Gg]_([Oo][Mm][Ii][Tt]|[Oo][Nn][Ll][Yy]|[Ii][Nn][Cc][Ll][Uu][Dd][Ee]|[Aa][Ll][Ss][Oo]|[Dd][Ee][Vv]|[Pp][Rr][Oo][Dd][Uu][Cc][Tt][Ii][Oo][Nn])'; }
npm::with_dev() { # --include: since npm 7
  if run_as_build grep -qsE '^(omit|only|include|also|dev|production)\b' "$PWD/.npmrc"; then return 1; fi
  if [[ ${FACTS[manager_version]} == [1-6].* ]]; then WORDS+=(--production=false); else WORDS+=(--include=dev); fi
  REPLY=npm_config_omit=dev
}

npm::refused_scripts() { # since version 12
  if [[ ${FACTS[manager_version]} =~ ^([0-9]|1[01])\. ]] || run_as_build grep -qsE '^ignore-scripts\b' "$PWD/.npmrc"; then return 0; fi
  run_as_build grep -qs '"hasInstallScript": true' node_modules/.package-lock.json || return 0
  lib::program npm
  as_build "$REPLY" approve-scripts --allow-scripts-pending --json |
    jq -r '.allowScripts[] | select(any(.changes[]; .change == "pending")).name'
}
npm::allowed_by() { REPLY='npm runs those of the packages that allowScripts in package.json names'; }

npm::inputs() { WORDS=(.npmrc); }
npm::variables() { REPLY='[Nn][Pp][Mm]_.*'; }

npm::base_environment() {
  BUILD_ENV+=(npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
    npm_config_prefix=/home/build/.local)
}
npm::downloads() { WORDS=(.npm/_cacache); }

npm::package() { REPLY=npm; }
npm::versions() { REPLY='^[0-9]'; }
npm::version_for() { # npm 7 and newer read an old lockfile as if nobody had resolved its peer dependencies; those of old Nodes do not
  local lockfile
  REPLY='' REPLY_WHY=''
  if ! npm::_takes_dev_engines; then
    REPLY='<10.9' REPLY_WHY='newer ones refuse the form of devEngines in package.json'
    return
  fi
  ((${1%%.*} < 15)) || return 0
  manager::find_lockfile npm || { REPLY='' && return; }
  lockfile=$REPLY REPLY=''
  if [[ $(run_as_build jq -r '.lockfileVersion' "$lockfile" 2>/dev/null) == 1 ]]; then
    REPLY=6 REPLY_WHY="${lockfile##*/} 1, Node ${1%%.*}"
  fi
}
npm::_takes_dev_engines() { # whether the newest versions run in the project, and in the directories above it
  local directory=${FACTS[project]}
  while [[ ! -f $directory/package.json ]] || run_as_build jq -ef "$DECISIONS/npm-dev-engines.jq" "$directory/package.json" >/dev/null 2>&1; do
    [[ $directory != "$WORKSPACE" ]] || return 0
    directory=${directory%/*}
  done
  return 1
}
