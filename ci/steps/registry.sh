#!/usr/bin/env bash
# Installs Node versions and package managers from an npm registry; a library: sourcing it does nothing. It needs manager.sh.
#
# The Dockerfile and the step toolchain use it. It runs as a root without CAP_CHOWN and CAP_DAC_OVERRIDE. Messages go to
# stderr, results to stdout. Every function returns failures explicitly: callers use them in conditions, where bash ignores
# set -e.
set -Eeuo pipefail

# Where package managers are; corepack.sh has its own place.
readonly TOOLS=${KOALACI_TOOLS:-/koala/tools}

registry::resolve_node() { # usage: registry::resolve_node RANGE_OR_TAG; prints the newest version that satisfies it; of a range of majors, an even one
  local releases
  releases=$(registry::_releases "$(registry::_node)" '') || return 1
  registry::_resolve node "$1" "$releases" lts
}

registry::resolve() { # usage: registry::resolve RANGE_OR_TAG FLAVOUR…; prints the highest version of any of the flavours that satisfies it
  local releases
  releases=$(registry::_all_releases "${@:2}") || return 1
  manager::call "$2" name
  registry::_resolve "$REPLY" "$1" "$releases"
}

registry::resolve_for() { # usage: registry::resolve_for NODE RANGE_OR_TAG [RANGE]… -- FLAVOUR…; as registry::resolve; this Node and the further ranges count if they can
  local node=$1 range=$2 releases version=''
  local -a ranges=()
  shift
  while [[ $1 != -- ]]; do ranges+=("$1") && shift; done
  releases=$(registry::_all_releases "${@:2}") || return 1
  manager::call "$2" name
  if jq -e --arg range "$range" '.tags | has($range)' >/dev/null <<<"$releases"; then registry::_resolve "$REPLY" "$range" "$releases" && return; fi
  version=$(registry::newest most "$node" "${ranges[@]}" <<<"$releases") || return 1
  [[ -n $version ]] || registry::_fail "no version of $REPLY satisfies \"$range\"" || return 1
  printf '%s\n' "$version"
}

registry::match() { # usage: registry::match RANGE [MODE] <{tags, versions}; prints the highest version that satisfies it, or nothing
  local range=$1 mode=${2:-all} releases found
  releases=$(cat)
  found=$(jq -r --arg range "$range" -f "$DECISIONS/registry/match.jq" <<<"$releases") || return 1
  if [[ -n $found ]]; then printf '%s\n' "$found"
  elif [[ ! $range =~ ^v?[0-9]+(\.[0-9]+)?(\.[xX*])*$ ]]; then registry::newest "$mode" '' "${range#v}" <<<"$releases"
  fi
}

registry::newest() { # usage: registry::newest MODE NODE RANGE… <{versions, nodes}; newest.cjs explains it
  registry::_semver newest "$@"
}

registry::is_range() { # usage: registry::is_range TEXT; whether npm would take it for a version or a range
  registry::_semver is-range "$1"
}

registry::is_version() { # usage: registry::is_version TEXT; whether it may name a directory
  [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$ ]]
}

registry::node() { # usage: registry::node VERSION; installs it as /koala/node/VERSION
  local version=$1 target=/koala/node/$1 staging
  registry::is_version "$version" || registry::_fail "\"$version\" is no version of Node.js" || return 1
  [[ ! -e $target ]] || return 0
  staging=$(registry::_staging "$target") || return 1
  if registry::unpack "$(registry::_node)" "$version" "$staging" &&
    rm -rf "$staging"/share "$staging"/*.md && chmod 0755 "$staging/bin/node"; then
    registry::_publish "$staging" "$target"
  else registry::_abandon "$staging"; fi
}

registry::manager() { # usage: registry::manager FLAVOUR VERSION; installs it as /koala/tools/FLAVOUR/VERSION
  local flavour=$1 version=$2 target=$TOOLS/$1/$2 staging
  registry::is_version "$version" || registry::_fail "\"$version\" is no version of $flavour" || return 1
  [[ ! -e $target ]] || return 0
  staging=$(registry::_staging "$target") || return 1
  if manager::call "$flavour" package && registry::unpack "$REPLY" "$version" "$staging" &&
    manager::call "$flavour" complete "$version" "$staging" &&
    rm -rf "$staging"/docs "$staging"/man "$staging"/*.md &&
    registry::_shims "$flavour" "$staging" "$target"; then
    registry::_publish "$staging" "$target"
  else registry::_abandon "$staging"; fi
}

registry::unpack() { # usage: registry::unpack PACKAGE VERSION DIRECTORY; verifies the tarball, then unpacks it
  local package=$1 version=$2 dir=$3 url wanted found base
  base=$(registry::_base)
  { read -r url && read -r wanted; } < <(registry::_dist "$package" "$version") ||
    registry::_fail "$package $version is not in $base" || return 1
  url=${url/#https:\/\/registry.npmjs.org/$base} # a mirror may answer with npmjs's addresses; npm replaces them likewise
  registry::_curl -o "$dir/.tgz" -- "$url" || registry::_fail "cannot download $url" || return 1
  found=$(sha512sum "$dir/.tgz") && wanted=$(base64 -d <<<"$wanted" | od -An -v -tx1 | tr -d ' \n')
  [[ ${found%% *} == "$wanted" ]] || registry::_fail "the sha512 of $url differs from the one in the registry" || return 1
  tar -xzf "$dir/.tgz" -C "$dir" --strip-components=1 --no-same-owner --no-same-permissions &&
    rm "$dir/.tgz" && chmod -R u+rwX,go+rX,go-w "$dir"
}

registry::arch() { case $(uname -m) in aarch64 | arm64) echo arm64 ;; *) echo x64 ;; esac; }

registry::_node() { printf 'node-linux-%s\n' "$(registry::arch)"; }

registry::_semver() { # usage: registry::_semver PROGRAM ARGUMENT…; with npm's own copy of semver
  NODE_PATH=/koala/tools/npm/default/node_modules /koala/node/default/bin/node "$DECISIONS/registry/$1.cjs" "${@:2}"
}

registry::_all_releases() { # usage: registry::_all_releases FLAVOUR…; prints {tags, versions, nodes} of them together
  local flavour package found releases=''
  for flavour in "$@"; do
    manager::call "$flavour" package && package=$REPLY
    manager::call "$flavour" versions
    found=$(registry::_releases "$package" "$REPLY") || return 1
    releases+=$found
  done
  jq -csf "$DECISIONS/registry/merge.jq" <<<"$releases"
}

registry::_releases() { # usage: registry::_releases PACKAGE PATTERN; prints {tags, versions, nodes} with the versions that match the pattern
  registry::_get "$1" | jq -c --arg own "$2" -f "$DECISIONS/registry/releases.jq"
}

registry::_resolve() { # usage: registry::_resolve NAME RANGE RELEASES [MODE]
  local name=$1 range=$2 releases=$3 version
  version=$(registry::match "$range" "${4:-all}" <<<"$releases") || return 1
  [[ -n $version ]] || registry::_fail "no version of $name satisfies \"$range\"" || return 1
  printf '%s\n' "$version"
}

registry::_dist() { # usage: registry::_dist PACKAGE VERSION; prints tarball and hash, or nothing if the version does not exist
  local -a dist=(jq -er --arg version "$2" -f "$DECISIONS/registry/dist.jq")
  # The version's own document is small. Some registries have only the package's, which contains it.
  registry::_get "$1" "/$2" 2>/dev/null | "${dist[@]}" || registry::_get "$1" | "${dist[@]}"
}

registry::_shims() { # usage: registry::_shims FLAVOUR DIRECTORY FINAL_DIRECTORY; writes a launcher for each program of the package
  local flavour=$1 dir=$2 final=$3 programs program file arg run
  mkdir "$dir/shims" || return 1
  programs=$(manager::call "$flavour" programs "$dir") || return 1
  while read -r program file arg; do
    chmod 0755 "$dir/$file" && run="\"$final/$file\"${arg:+ $arg}" || return 1
    [[ $(head -c 4 "$dir/$file") == $'\x7fELF' ]] || run="node $run" # the first node in PATH
    printf '#!/bin/sh\nexec %s "$@"\n' "$run" >"$dir/shims/$program" && chmod 0755 "$dir/shims/$program" || return 1
  done <<<"$programs"
}

registry::_staging() { # usage: registry::_staging TARGET; makes and prints a directory beside it, so that publishing it is one rename
  mkdir -p "${1%/*}" && mktemp -d "$1.XXXXXX" && chmod 0755 "$(dirname "$1")"
}

registry::_publish() { chmod 0755 "$1" && { mv -T "$1" "$2" 2>/dev/null || { rm -rf "$1" && [[ -d $2 ]]; }; }; }

registry::_abandon() { rm -rf "$1"; return 1; }

registry::_get() { # usage: registry::_get PACKAGE [/VERSION]
  registry::_curl --compressed -H 'Accept: application/vnd.npm.install-v1+json, application/json;q=0.9' \
    -- "$(registry::_base)/${1/\//%2F}${2:-}"
}

registry::_curl() { curl -fsSL --retry 3 --connect-timeout 20 --speed-limit 1024 --speed-time 30 "$@"; }

registry::_base() { local base=${KOALACI_NPM_REGISTRY:-https://registry.npmjs.org}; printf '%s\n' "${base%/}"; }

registry::_fail() { printf 'registry: %s\n' "$1" >&2; return 1; }
