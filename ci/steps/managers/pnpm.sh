#!/usr/bin/env bash
# pnpm. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

MANAGERS[10]=pnpm

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
pnpm::version_for() { # depends on the lockfile: newer versions of pnpm do not read old lockfiles
  manager::find_lockfile pnpm || { REPLY='' && return; }
  case $(run_as_build grep -m 1 '^lockfileVersion:' "$REPLY") in
    *5.*) REPLY=7 ;;
    *6.*) REPLY=8 ;;
    *) REPLY='' ;;
  esac
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
