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

npm::dev_variables() { REPLY='[Nn][Pp][Mm]_[Cc][Oo][Nn][Ff][Ii][Gg]_([Oo][Mm][Ii][Tt]|[Oo][Nn][Ll][Yy]|[Ii][Nn][Cc][Ll][Uu][Dd][Ee]|[Aa][Ll][Ss][Oo]|[Dd][Ee][Vv]|[Pp][Rr][Oo][Dd][Uu][Cc][Tt][Ii][Oo][Nn])'; }
npm::with_dev() { # --include: since npm 7
  if run_as_build grep -qsE '^(omit|only|include|also|dev|production)\b' "$PWD/.npmrc"; then return 1; fi
  if [[ ${FACTS[manager_version]} == [1-6].* ]]; then WORDS+=(--production=false); else WORDS+=(--include=dev); fi
  REPLY=npm_config_omit=dev
}

npm::refused_scripts() { # since version 12
  if [[ ${FACTS[manager_version]} =~ ^([0-9]|1[01])\. ]] || run_as_build grep -qsE '^ignore-scripts\b' "$PWD/.npmrc"; then return 0; fi
  run_as_build grep -qs '"hasInstallScript": true' node_modules/.package-lock.json || return 0
  as_build npm approve-scripts --allow-scripts-pending --json |
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
npm::version_for() { # npm 11 needs Node 20.17; older Nodes get the newest npm that runs on them (see engines in npm's package.json)
  case $1 in
    20.?.* | 20.1[0-6].* | 18.* | 19.* | 21.* | 22.[0-8].*) REPLY=10 ;;
    14.* | 15.* | 16.* | 17.*) REPLY=9 ;;
    ?.* | 10.* | 11.* | 12.* | 13.*) REPLY=6 ;;
    *) REPLY='' ;;
  esac
}
