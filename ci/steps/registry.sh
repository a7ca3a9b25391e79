#!/usr/bin/env bash
# Installs Node versions and package managers from an npm registry; a library: sourcing it does nothing.
#
# The image's Dockerfile and the toolchain step both use it. It runs as a root without CAP_CHOWN and
# CAP_DAC_OVERRIDE. Messages go to stderr, results to stdout.

set -Eeuo pipefail

registry::resolve() { # usage: registry::resolve PACKAGE RANGE_OR_TAG; prints the highest version that satisfies it
  local package=$1 range=$2 packument version
  packument=$(registry::_packument "$package") || return 1
  version=$(registry::match "$range" <<<"$packument") || return 1
  [[ -n $version ]] || registry::_fail "no version of $package satisfies \"$range\"" || return 1
  printf '%s\n' "$version"
}

registry::node() { # usage: registry::node VERSION; installs it as /koala/node/VERSION
  local version=$1 target=/koala/node/$1 staging
  [[ ! -e $target ]] || return 0
  staging=$(registry::_staging "$target") || return 1
  if registry::_unpack "node-linux-$(registry::_arch)" "$version" "$staging" &&
    rm -rf "$staging"/share "$staging"/*.md && chmod 0755 "$staging/bin/node"; then
    registry::_publish "$staging" "$target"
  else registry::_abandon "$staging"; fi
}

registry::manager() { # usage: registry::manager npm|yarn|pnpm|bun VERSION; installs it as /koala/tools/NAME/VERSION
  local name=$1 version=$2 target=/koala/tools/$1/$2 staging package
  [[ ! -e $target ]] || return 0
  package=$(registry::_package "$name" "$version") || return 1
  staging=$(registry::_staging "$target") || return 1
  if registry::_unpack "$package" "$version" "$staging" &&
    registry::_complete "$name" "$version" "$staging" &&
    rm -rf "$staging"/docs "$staging"/man "$staging"/*.md &&
    registry::_shims "$name" "$staging" "$target"; then
    registry::_publish "$staging" "$target"
  else registry::_abandon "$staging"; fi
}

registry::_package() { # usage: registry::_package TOOL VERSION; prints the package that holds that version
  local flavour=''
  case $1 in
    yarn) if [[ $2 == [01].* ]]; then echo yarn; else echo @yarnpkg/cli-dist; fi ;;
    bun) # bun's usual build needs AVX2 and dies of SIGILL without
      if [[ $(registry::_arch) == arm64 ]]; then echo @oven/bun-linux-aarch64; return; fi
      grep -qw avx2 /proc/cpuinfo || flavour=-baseline
      echo "@oven/bun-linux-x64$flavour" ;;
    node) echo "node-linux-$(registry::_arch)" ;;
    *) echo "$1" ;;
  esac
}

registry::_packument() { # prints {tags, versions}; yarn's versions live in two packages
  local package
  if [[ $1 == yarn ]]; then
    { registry::_get @yarnpkg/cli-dist && registry::_get yarn; } | jq -sc '{
      tags: .[0]["dist-tags"],
      versions: (((.[1].versions | keys | map(select(test("^[01]\\.")))) + (.[0].versions | keys)))}'
    return
  fi
  package=$(registry::_package "$1" '') || return 1
  registry::_get "$package" | jq -c '{tags: .["dist-tags"], versions: (.versions | keys)}'
}

registry::match() { # usage: registry::match RANGE <{tags, versions}
  local range=${1#v} packument
  packument=$(cat)
  # Tags, exact versions and "20", "20.19", "20.x" need no semver, so the first Node can be found without a Node.
  if jq -e --arg t "$1" --arg r "$range" '.tags[$t] // (.versions | index($r))' <<<"$packument" >/dev/null; then
    jq -r --arg t "$1" --arg r "$range" '.tags[$t] // $r' <<<"$packument"
  elif [[ $range =~ ^([0-9]+(\.[0-9]+)?)(\.[xX*])*$ ]]; then
    jq -r --arg p "${BASH_REMATCH[1]}." '[.versions[] | select(startswith($p) and (test("[-+]") | not))
      | split(".") | map(tonumber)] | max // empty | map(tostring) | join(".")' <<<"$packument"
  else # by stdin: the list of versions may be longer than an argument list can be
    jq -r '.versions[]' <<<"$packument" | /koala/node/default/bin/node -e '
      const semver = require("/koala/tools/npm/default/node_modules/semver");
      const versions = require("fs").readFileSync(0, "utf8").trim().split("\n");
      console.log(semver.maxSatisfying(versions, process.argv[1], { loose: true }) ?? "");' -- "$range"
  fi
}

registry::_unpack() { # usage: registry::_unpack PACKAGE VERSION DIR; verified before a byte of it is unpacked
  local package=$1 version=$2 dir=$3 dist url wanted found base
  base=$(registry::_base)
  # The version's own document is small; registries that do not offer it have it in the packument.
  dist=$(registry::_get "$package" "/$version" 2>/dev/null | jq -ce '.dist' ||
    registry::_get "$package" | jq -ce --arg v "$version" '.versions[$v].dist') ||
    registry::_fail "$package $version is not in $base" || return 1
  url=$(jq -r '.tarball' <<<"$dist")
  url=${url/#https:\/\/registry.npmjs.org/$base} # a mirror passes npmjs's addresses through, as npm knows
  wanted=$(jq -r '.integrity // "" | [splits(" +") | select(startswith("sha512-"))][0] // "" | .[7:]' <<<"$dist")
  registry::_curl -o "$dir/.tgz" -- "$url" || registry::_fail "cannot download $url" || return 1
  found=$(sha512sum "$dir/.tgz") && wanted=$(base64 -d <<<"$wanted" | od -An -v -tx1 | tr -d ' \n')
  [[ ${found%% *} == "$wanted" ]] || registry::_fail "$url is not what the registry says it is (sha512)" || return 1
  tar -xzf "$dir/.tgz" -C "$dir" --strip-components=1 --no-same-owner --no-same-permissions &&
    rm "$dir/.tgz" && chmod -R u+rwX,go+rX,go-w "$dir"
}

registry::_complete() { # pnpm from 12 on is a native program in a package of its own, put there by an install script
  local name=$1 version=$2 dir=$3 exe alias
  exe=@pnpm/exe.linux-$(registry::_arch)
  [[ $name == pnpm ]] && jq -e --arg e "$exe" '.optionalDependencies[$e]' "$dir/package.json" >/dev/null || return 0
  mkdir "$dir/exe" && registry::_unpack "$exe" "$version" "$dir/exe" || return 1
  chmod 0755 "$dir/exe/pnpm" && mv -f "$dir/exe/pnpm" "$dir/pnpm" && rm -r "$dir/exe" || return 1
  for alias in pn pnpx pnx; do ln -f "$dir/pnpm" "$dir/$alias" || return 1; done # it goes by the name it is called
}

registry::_shims() { # usage: registry::_shims NAME DIR FINAL_DIR; one launcher for each program of the package
  local name=$1 dir=$2 final=$3 bins program file arg run
  mkdir "$dir/shims" || return 1
  bins=$(jq -r '.bin // {} | to_entries[] | "\(.key) \(.value | ltrimstr("./"))"' "$dir/package.json") || return 1
  [[ $name != bun ]] || bins=$'bun bin/bun\nbunx bin/bun x'
  while read -r program file arg; do
    chmod 0755 "$dir/$file" && run="\"$final/$file\"${arg:+ $arg}" || return 1
    [[ $(head -c 4 "$dir/$file") == $'\x7fELF' ]] || run="node $run" # whichever node is first in PATH
    printf '#!/bin/sh\nexec %s "$@"\n' "$run" >"$dir/shims/$program" && chmod 0755 "$dir/shims/$program" || return 1
  done <<<"$bins"
}

registry::_staging() { # a directory beside the target, so that the last step is one rename
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

registry::_arch() { case $(uname -m) in aarch64 | arm64) echo arm64 ;; *) echo x64 ;; esac; }

registry::_fail() { printf 'registry: %s\n' "$1" >&2; return 1; }
