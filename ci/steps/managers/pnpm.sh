#!/usr/bin/env bash
# pnpm. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

MANAGERS[10]=pnpm
# What up to pnpm 10 may stand in .npmrc and changes what an install makes; later ones read these in pnpm-workspace.yaml alone.
readonly PNPM_SETTINGS="shamefully-(hoist|flatten)|(public-)?hoist(-[a-z-]+)?|node-linker|symlink|(enable-)?modules-dir|\
virtual-store-dir[a-z-]*|auto-install-peers|dedupe-[a-z-]+|strict-peer-dependencies|resolve-peers-from-workspace-root|\
inject-workspace-packages|(link|prefer)-workspace-packages|shared-workspace-lockfile|(git-branch-)?lockfile(-[a-z-]+)?|\
exclude-links-from-lockfile|ignore-(dep-)?scripts|enable-pre-post-scripts|script-shell|shell-emulator|node-options|\
use-node-version|engine-strict|only-built-dependencies|dangerously-allow-all-builds|(global-|ignore-)?pnpmfile|patches-dir|\
package-import-method|resolution-mode|extend-node-path|prefer-symlinked-executables|include-workspace-root|\
ignore-workspace[a-z-]*|peers-suffix-max-length|os|cpu|libc"

pnpm::name() { REPLY=pnpm; }
pnpm::lockfiles() { WORDS=(pnpm-lock.yaml); }
pnpm::has_workspaces() { [[ -f ${FACTS[project]}/pnpm-workspace.yaml ]]; }

pnpm::frozen() { WORDS=(pnpm install --frozen-lockfile) && pnpm::_alone; }
pnpm::plain() { WORDS=(pnpm install --no-frozen-lockfile) && pnpm::_alone; }
pnpm::_alone() { # up to version 10, pnpm would install the workspace further up, even if that does not have the project as a member
  if [[ -f $INSTALL_ROOT/pnpm-workspace.yaml ]] || install-root::of_workspaces pnpm; then return 0; fi
  [[ -z $WORKSPACES_ABOVE ]] || WORDS+=(--ignore-workspace)
}
pnpm::workspaces_in() { REPLY=pnpm-workspace.yaml; }
pnpm::incremental() { # it removes what is no longer asked for, since modules_cache_max_age is 0
  pnpm::frozen
  [[ -f ${1%/*}/node_modules/.pnpm/lock.yaml ]]
}
pnpm::is_exact() { run_as_build cmp -s "$1" "${1%/*}/node_modules/.pnpm/lock.yaml"; }

pnpm::marks_scripts() { ! run_as_build grep -qsE '^(script-shell|scriptShell)' "$PWD/.npmrc" "$PWD/pnpm-workspace.yaml"; }

pnpm::dev_variables() { REPLY='[Pp]?[Nn][Pp][Mm]_[Cc][Oo][Nn][Ff][Ii][Gg]_([Pp][Rr][Oo][Dd](|[Uu][Cc][Tt][Ii][Oo][Nn])|[Dd][Ee][Vv])'; }
pnpm::with_dev() { # since version 10, NODE_ENV leaves nothing out
  if [[ ${FACTS[manager_version]} != [1-9].* ]] || run_as_build grep -qsE '^(prod|production|dev)\b' "$PWD/.npmrc"; then return 1; fi
  WORDS+=(--prod=false)
  REPLY=npm_config_production=true
}

pnpm::refused_scripts() { # a path of its store, such as sharp@0.33.0(a@1), or a name; the file is JSON
  run_as_build jq -r '.ignoredBuilds // [] | .[] | sub("(?<=.)@.*"; "")' node_modules/.modules.yaml
}
pnpm::allowed_by() { REPLY='pnpm runs those of the packages that allowBuilds or onlyBuiltDependencies names'; }

pnpm::inputs() { WORDS=(.npmrc pnpm-workspace.yaml .pnpmfile.cjs); }
pnpm::variables() { REPLY='[Pp][Nn][Pp][Mm]_.*'; }

pnpm::environment() {
  # pnpm is a native program and ignores NODE_EXTRA_CA_CERTS.
  [[ ! -s $EXTRA_CA ]] || BUILD_ENV+=("npm_config_cafile=$CA_BUNDLE")
  # The step toolchain chooses the version, so pnpm must not switch to another. strict_dep_builds=false: an install script
  # that the project has not approved is skipped with a warning, as in older versions; since version 11 it is an error.
  # side_effects_cache: pnpm keeps with its downloads what install scripts made, and would not run them again, whatever they read.
  BUILD_ENV+=(npm_config_side_effects_cache=false pnpm_config_side_effects_cache=false
    npm_config_manage_package_manager_versions=false pnpm_config_pm_on_fail=ignore
    pnpm_config_strict_dep_builds=false npm_config_modules_cache_max_age=0 pnpm_config_modules_cache_max_age=0)
}
# Its store, what it knows of the registry, and which lockfiles it has verified, but not what `pnpm dlx` has installed:
# https://pnpm.io/cli/cache-path
pnpm::downloads() {
  WORDS=(.local/share/pnpm/store '.cache/pnpm/metadata*' '.cache/pnpm/v*/metadata*' .cache/pnpm/lockfile-verified.jsonl)
}

pnpm::package() { REPLY=pnpm; }
pnpm::versions() { REPLY='^[0-9]'; }
pnpm::version_for() { # newer ones do not read old lockfiles, and from 11 on neither "pnpm" in package.json nor most of .npmrc
  local lockfile version
  REPLY='' REPLY_WHY=''
  manager::find_lockfile pnpm || { REPLY='' && return; }
  lockfile=$REPLY REPLY=''
  version=$(run_as_build sed -nE "s/^lockfileVersion: *['\"]?([0-9.]+).*/\1/p" "$lockfile" | head -n 1)
  case $version in
    5.*) REPLY='6 || 7' ;;
    6.*) REPLY=8 ;;
    9.*)
      pnpm::_version_for_settings "$lockfile"
      if [[ -z $REPLY ]]; then REPLY='>=9' && return; fi
      ;;
    *) return 0 ;;
  esac
  REPLY_WHY="pnpm-lock.yaml $version$REPLY_WHY"
}
pnpm::usual_ranges() { WORDS=('*' '>=9'); }
pnpm::_version_for_settings() { # usage: pnpm::_version_for_settings LOCKFILE; sets REPLY and REPLY_WHY, if the project has settings that pnpm 10 was the last to read
  local directory=${1%/*} manifest allowed=''
  if manifest::find "$directory"; then
    manifest=$REPLY
    # How many settings there are, and whether install scripts are allowed by name.
    allowed=$(run_as_build "$STEPS/manifest.sh" "$manifest" | jq -r '.pnpm | objects | "\(length) \(has("onlyBuiltDependencies"))"' 2>/dev/null) || true
  fi
  REPLY=''
  if [[ -n $allowed && $allowed != 0* ]]; then
    REPLY=10 REPLY_WHY=", \"pnpm\" in ${manifest##*/}"
    # From 10.34.2 on, the name does not allow them to a package that is not from the registry.
    if [[ $allowed == *true ]] && run_as_build grep -qE "^  '?[^ ]+@(file|https?|git[a-z+]*):" "$1"; then REPLY='>=10 <10.34.2'; fi
  elif run_as_build grep -qsE "^[[:space:]]*($PNPM_SETTINGS)(\[\])?[[:space:]]*=" "$directory/.npmrc"; then
    REPLY=10 REPLY_WHY=', settings in .npmrc'
  fi
}
pnpm::complete() { # since version 12, pnpm is a native program in a separate package; npm would run an install script to fetch it
  local version=$1 directory=$2 exe alias
  exe=@pnpm/exe.linux-$(registry::arch)
  grep -qF "\"$exe\"" "$directory/package.json" || return 0
  mkdir "$directory/exe" && registry::unpack "$exe" "$version" "$directory/exe" || return 1
  chmod 0755 "$directory/exe/pnpm" && mv -f "$directory/exe/pnpm" "$directory/pnpm" && rm -r "$directory/exe" || return 1
  # The program acts according to the name that it is called by.
  for alias in pn pnpx pnx; do ln -f "$directory/pnpm" "$directory/$alias" || return 1; done
}
