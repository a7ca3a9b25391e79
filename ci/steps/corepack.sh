#!/usr/bin/env bash
# corepack, as build commands call it: koalaci has provided the package manager already, and fetches other versions itself, from
# the npm registry alone and for any version of Node. A program, linked to from /koala/corepack.
#
# Not the real one, also where a build installs that: it needs a newer Node than many projects have, installs its launchers where
# build code cannot write, and refuses registries without signatures. What is fetched is in the home, and goes after the build.
set -Eeuo pipefail

readonly HERE=/koala/steps COREPACK=${HOME:-/home/build}/.corepack
export KOALACI_TOOLS=$COREPACK/tools
if [[ -n ${COREPACK_NPM_REGISTRY:-} ]]; then export KOALACI_NPM_REGISTRY=$COREPACK_NPM_REGISTRY; fi
# shellcheck source=manager.sh
source "$HERE/manager.sh"
# shellcheck source=registry.sh
source "$HERE/registry.sh"
# shellcheck source=manifest.sh
source "$HERE/manifest.sh"

main() {
  local command=${1:-} word
  local -a words=()
  for word in "${@:2}"; do [[ $word == -* ]] || words+=("$word"); done
  case $command in
    enable | install | prepare) corepack::activate_all "${words[@]}" ;;
    disable) ;;
    use) corepack::use "${words[0]:?it needs NAME@VERSION}" ;;
    --version | -v) echo koalaci ;;
    npm | npx | pnpm | pnpx | yarn | yarnpkg) exec "$command" "${@:2}" ;;
    npm@* | pnpm@* | yarn@*) corepack::run "$@" ;;
    *) exec npx --yes corepack@0.34 "$@" ;;
  esac
}

corepack::activate_all() { # usage: corepack::activate_all [NAME[@VERSION]]…; without one, what the project asks for
  local word asked=''
  for word in "$@"; do
    if [[ $word == *@* ]]; then corepack::activate "$word" && asked=1; fi
  done
  [[ -n $asked ]] || ! corepack::_of_project || corepack::activate "$REPLY"
}

corepack::activate() { # usage: corepack::activate NAME@VERSION; its programs come first in PATH from now on
  local name=${1%%@*} version=${1#*@} program
  version=${version%%+*}
  # From /: in a project, yarn and pnpm may say the version of another one.
  if [[ $(cd / && "$name" --version 2>/dev/null) == "$version" ]]; then return 0; fi
  corepack::_provide "$name" "$version"
  mkdir -p "$COREPACK/bin"
  for program in "$REPLY"/shims/*; do ln -sfn "$program" "$COREPACK/bin/${program##*/}"; done
  echo "corepack: $name ${REPLY##*/}"
}

corepack::use() { # usage: corepack::use NAME@VERSION; as the real one, it installs too
  local name=${1%%@*}
  corepack::activate "$1"
  npm pkg set "packageManager=$name@$(cd / && "$name" --version)"
  exec "$name" install
}

corepack::run() { # usage: corepack::run NAME@VERSION ARGUMENT…
  corepack::_provide "${1%%@*}" "${1#*@}"
  exec "$REPLY/shims/${1%%@*}" "${@:2}"
}

corepack::_of_project() { # sets REPLY to packageManager of the nearest manifest that has one
  local directory=$PWD
  while [[ $directory == /* ]]; do
    if manifest::find "$directory"; then
      REPLY=$(manifest::json "$REPLY" | jq -r '.packageManager | strings' 2>/dev/null) || REPLY=''
      if [[ $REPLY =~ ^(npm|pnpm|yarn)@[0-9] ]]; then return 0; fi
    fi
    directory=${directory%/*}
  done
  return 1
}

corepack::_provide() { # usage: corepack::_provide NAME VERSION; sets REPLY to its directory
  local name=$1 version=${2%%+*} flavour
  # As corepack names them; the registry has no such tags.
  if [[ $name == yarn && $version =~ ^(stable|berry|canary)$ ]]; then version='>=2'; fi
  if [[ $name == yarn && $version == classic ]]; then version=1; fi
  manager::flavours "$name" || { echo "corepack: there is no package manager $name" >&2 && exit 1; }
  version=$(registry::resolve "$version" "${WORDS[@]}") || exit 1
  manager::of_version "$name" "$version" && flavour=$REPLY
  registry::manager "$flavour" "$version" || exit 1
  REPLY=$KOALACI_TOOLS/$flavour/$version
}

main "$@"
