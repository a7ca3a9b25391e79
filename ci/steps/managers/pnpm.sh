#!/usr/bin/env bash
# pnpm. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the answers are for those who ask
set -Eeuo pipefail

MANAGERS[10]=pnpm

pnpm::name() { REPLY=pnpm; }
pnpm::lockfiles() { WORDS=(pnpm-lock.yaml); }
pnpm::has_workspaces() { [[ -f ${FACTS[project]}/pnpm-workspace.yaml ]]; }

pnpm::frozen() { WORDS=(pnpm install --frozen-lockfile); }

pnpm::inputs() { WORDS=(.npmrc pnpm-workspace.yaml .pnpmfile.cjs); }
pnpm::variables() { REPLY='[Pp][Nn][Pp][Mm]_.*'; }

pnpm::environment() {
  # A program of its own, which knows nothing of Node's settings.
  [[ ! -s $EXTRA_CA ]] || BUILD_ENV+=("npm_config_cafile=$CA_BUNDLE")
  # The version is the toolchain step's business. A dependency's install script that nobody approved is left out with
  # a warning by every pnpm; from 11 on it would be an error.
  BUILD_ENV+=(npm_config_manage_package_manager_versions=false pnpm_config_pm_on_fail=ignore
    pnpm_config_strict_dep_builds=false)
}
# Its store is in the XDG data directory.
pnpm::downloads() { WORDS=(.local/share); }

pnpm::package() { REPLY=pnpm; }
pnpm::versions() { REPLY='^[0-9]'; }
pnpm::version_for() { # each pnpm reads the lockfiles of a few only; looks into the lockfile
  manager::find_lockfile pnpm || { REPLY='' && return; }
  case $(run_as_build grep -m 1 '^lockfileVersion:' "$REPLY") in
    *5.*) REPLY=7 ;;
    *6.*) REPLY=8 ;;
    *) REPLY='' ;;
  esac
}
pnpm::complete() { # from 12 on it is a native program in a package of its own, which an install script would put there
  local version=$1 directory=$2 exe alias
  exe=@pnpm/exe.linux-$(registry::arch)
  grep -qF "\"$exe\"" "$directory/package.json" || return 0
  mkdir "$directory/exe" && registry::unpack "$exe" "$version" "$directory/exe" || return 1
  chmod 0755 "$directory/exe/pnpm" && mv -f "$directory/exe/pnpm" "$directory/pnpm" && rm -r "$directory/exe" || return 1
  # It goes by the name that it is called by.
  for alias in pn pnpx pnx; do ln -f "$directory/pnpm" "$directory/$alias" || return 1; done
}
