#!/usr/bin/env bash
# Step install: the project's dependencies, exactly as its lockfile has them; a library.
set -Eeuo pipefail

install::lockfiles() { # usage: install::lockfiles MANAGER; its names, in the order in which the manager looks
  case $1 in
    npm) echo npm-shrinkwrap.json package-lock.json ;;
    yarn) echo yarn.lock ;;
    pnpm) echo pnpm-lock.yaml ;;
    bun) echo bun.lock bun.lockb ;;
  esac
}

install::frozen() { # usage: install::frozen MANAGER; the command that installs and never changes the lockfile, a word a line
  case $1 in
    npm) printf '%s\n' npm ci ;;
    yarn) if install::is_berry; then printf '%s\n' yarn install --immutable
      else printf '%s\n' yarn install --frozen-lockfile --non-interactive; fi ;;
    pnpm) printf '%s\n' pnpm install --frozen-lockfile ;;
    bun) printf '%s\n' bun install --frozen-lockfile ;;
  esac
}

step::install() {
  local manager=${FACTS[manager]} lockfile directory key
  local -a command
  [[ $manager != none ]] || skip 'no package manager'
  lib::exists "${FACTS[project]}/package.json" || skip 'no package.json'
  if ! install::find_lockfile "$manager"; then
    [[ ${FACTS[dependencies]} != 0 ]] || skip 'no dependencies'
    install::no_lockfile "$manager"
  fi
  lockfile=$REPLY directory=${REPLY%/*}
  [[ ${FACTS[dependencies]} != 0 ]] || [[ $directory != "${FACTS[project]}" ]] || skip 'no dependencies'
  cd -- "$directory"
  key=$(reuse::key)
  if reuse::is_done "$directory" "$key"; then skip 'nothing that it depends on has changed'; fi
  reuse::start_anew
  lib::build_env "$directory"
  mapfile -t command < <(install::frozen "$manager")
  if [[ $manager == npm ]] && reuse::npm_can_add "$lockfile"; then
    # npm ci would begin with removing all that is there.
    command=(npm install --no-save --prefer-offline)
  fi
  fact note "${command[*]}"
  echo "koalaci: ${command[*]} (${lockfile#"$WORKSPACE"/})"
  install::run "$manager" "$lockfile" "${command[@]}"
  reuse::mark "$directory" "$key"
}

install::run() { # usage: install::run MANAGER LOCKFILE COMMAND…; once more without what the last build left, if it was warm
  local manager=$1 lockfile=$2 rc=0
  local -a command=("${@:3}")
  as_build "${command[@]}" || rc=$?
  if ((rc == 0)) && { [[ ${command[*]} != 'npm install'* ]] || reuse::npm_is_exact "$lockfile"; }; then return 0; fi
  [[ -f $STATE/install ]] || exit "$rc"
  echo 'koalaci: the install failed on what the last build left; once more without it'
  reuse::drop
  mapfile -t command < <(install::frozen "$manager")
  as_build "${command[@]}"
}

install::find_lockfile() { # usage: install::find_lockfile MANAGER; sets REPLY: the nearest one, from project_root upwards
  local directory=${FACTS[project]} name
  while :; do
    for name in $(install::lockfiles "$1"); do
      REPLY=$directory/$name
      if lib::exists "$REPLY"; then return 0; fi
    done
    [[ $directory != "$WORKSPACE" ]] || return 1
    directory=${directory%/*}
  done
}

install::no_lockfile() { # usage: install::no_lockfile MANAGER
  local manager=$1 other names
  names=$(install::lockfiles "$manager")
  for other in npm yarn pnpm bun; do
    if install::find_lockfile "$other"; then
      fail install_failed "there is no ${names##* } for $manager, but a ${REPLY##*/}" \
        "Set project_package_manager to $other (or auto), or commit ${names##* }."
    fi
  done
  fail install_failed "there is no lockfile (${names// / or })" \
    "Run \"$manager install\" in the project and commit ${names##* }."
}

install::is_berry() { # yarn 2 or newer: it has its own configuration file, and another form of lockfile
  case ${MANIFEST[manager_name]:-}@${MANIFEST[manager_version]:-} in yarn@[01].*) return 1 ;; yarn@[2-9]*) return 0 ;; esac
  [[ ${FACTS[manager_version]:-} != [01].* ]] || return 1
  [[ ! ${FACTS[manager_version]:-} =~ ^[2-9] ]] || return 0
  local file
  for file in "${FACTS[project]}" "$WORKSPACE"; do
    if lib::exists "$file/.yarnrc.yml"; then return 0; fi
  done
  install::find_lockfile yarn && as_build grep -q '^__metadata:' "$REPLY"
}

lib::build_env() { # usage: lib::build_env DIRECTORY…; what the project's own commands see
  local directory bins=
  for directory in "$@"; do bins+=$directory/node_modules/.bin:; done
  # node-gyp finds Node's headers there, instead of fetching them.
  BUILD_ENV+=("PATH=$bins${FACTS[path]}" "npm_package_config_node_gyp_nodedir=/koala/node/${FACTS[node]}"
    "${JOB_ENV[@]}")
  [[ ${FACTS[manager]} == pnpm ]] || return 0
  # A program of its own, which knows nothing of Node's settings.
  [[ ! -s $EXTRA_CA ]] || BUILD_ENV+=("npm_config_cafile=$CA_BUNDLE")
  # The version is the toolchain step's business. A dependency's install script that nobody approved is left out with
  # a warning by every pnpm; from 11 on it would be an error.
  BUILD_ENV+=(npm_config_manage_package_manager_versions=false pnpm_config_pm_on_fail=ignore
    pnpm_config_strict_dep_builds=false)
}
