#!/usr/bin/env bash
# Builds the builder image, koalaci:latest or the name in KOALACI_IMAGE. `--if-stale` builds it only if ci/ has changed since
# the last build; `--recipe` prints a hash of what it is built from.
set -Eeuo pipefail

CI_DIR=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
IMAGE=${KOALACI_IMAGE:-koalaci:latest}
readonly CI_DIR IMAGE
declare -a CLIENT=() # a docker build command with BuildKit

main() {
  local recipe base
  recipe=$(build::recipe)
  case ${1:-} in
    --if-stale) if build::is_fresh "$recipe"; then return; fi ;;
    --recipe) printf '%s\n' "$recipe"; return ;;
    '') ;;
    *) build::fail 2 'usage: build.sh [--if-stale|--recipe]' ;;
  esac
  build::engine
  build::client
  base=$(build::base)
  build::image "$base" "$recipe"
}

build::recipe() { # prints a hash of everything that the image is made from
  { cd "$CI_DIR" && find image/Dockerfile image/base.sh steps -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    printf '%s\n' "${KOALACI_BASE_IMAGE:-}" "${KOALACI_NPM_REGISTRY:-}"; } | sha256sum | cut -d ' ' -f 1
}

build::is_fresh() {
  [[ $(docker image inspect --format '{{index .Config.Labels "koalaci.recipe"}}' "$IMAGE" 2>/dev/null) == "$1" ]]
}

build::engine() {
  local answer
  command -v docker >/dev/null || build::fail 5 'docker is not installed; ci/setup.sh installs it'
  answer=$(docker version --format '{{.Server.Version}}' 2>&1) || build::fail 5 "no docker engine answers: ${answer##*$'\n'}"
}

build::client() { # sets CLIENT
  local docker version
  if docker buildx version >/dev/null 2>&1; then
    # Use the engine's own builder, which has the name of the docker context. A builder in a container cannot see the base
    # image that base.sh imports into the engine.
    CLIENT=(docker buildx build --load --builder "$(docker context show 2>/dev/null || echo default)")
    return
  fi
  # Clients before version 23 have BuildKit built in; newer ones have it only in the buildx plugin.
  hash -r # otherwise `type -a` names only the docker that was called before
  while read -r docker; do
    version=$("$docker" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1) || continue
    if ((version < 23)); then CLIENT=(env DOCKER_BUILDKIT=1 "$docker" build); return; fi
  done < <(type -aP docker)
  build::fail 5 "this docker client needs its buildx plugin to build the image; type: sudo apt-get install docker-buildx" \
    '(if your docker comes from docker.com, the package is docker-buildx-plugin)'
}

build::base() { # prints the image to build on
  local slim=debian:bookworm-slim made=koalaci-base:bookworm
  if [[ -n ${KOALACI_BASE_IMAGE:-} ]]; then printf '%s\n' "$KOALACI_BASE_IMAGE"; return; fi
  if build::has "$slim" || timeout 15 docker pull --quiet "$slim" >/dev/null 2>&1; then printf '%s\n' "$slim"; return; fi
  if ! build::has "$made"; then
    build::say "cannot pull $slim, so the base image is made from Debian packages"
    "$CI_DIR/image/base.sh" >&2
  fi
  printf '%s\n' "$made"
}

build::has() { docker image inspect "$1" >/dev/null 2>&1; }

build::image() { # usage: build::image BASE RECIPE
  local log started=$SECONDS name old ca=${KOALACI_EXTRA_CA_CERTS:-${NODE_EXTRA_CA_CERTS:-}}
  local -a args=(--tag "$IMAGE" --label "koalaci.recipe=$2" --build-arg "KOALACI_BASE_IMAGE=$1" --file "$CI_DIR/image/Dockerfile")
  [[ -z ${KOALACI_NPM_REGISTRY:-} ]] || args+=(--build-arg KOALACI_NPM_REGISTRY)
  [[ ! -r $ca ]] || args+=(--secret "id=ca,src=$ca")
  for name in http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY; do # pass only the name: the value may hold a password
    [[ -z ${!name:-} ]] || args+=(--build-arg "$name")
  done
  old=$(docker image inspect --format '{{.Id}}' "$IMAGE" 2>/dev/null) || old=''
  build::say "building $IMAGE on $1 (a few minutes the first time)"
  if [[ ${KOALACI_VERBOSE:-} == 1 ]]; then
    "${CLIENT[@]}" "${args[@]}" --progress plain "$CI_DIR" >&2
  else
    log=$(mktemp "${TMPDIR:-/tmp}/koalaci-build.XXXXXX.log")
    if ! "${CLIENT[@]}" "${args[@]}" --progress plain "$CI_DIR" >"$log" 2>&1 </dev/null; then
      tail -n 40 "$log" >&2
      build::fail 1 "the image could not be built; the full log is in $log"
    fi
    rm -f "$log"
  fi
  # Not forced: the engine keeps the old image while it has another name, or a container or snapshot is based on it.
  if [[ -n $old && $old != "$(docker image inspect --format '{{.Id}}' "$IMAGE")" ]]; then
    docker image rm "$old" >/dev/null 2>&1 || true
  fi
  build::say "$IMAGE is ready ($((SECONDS - started)) s)"
}

build::say() { printf 'build: %s\n' "$*" >&2; }

build::fail() { # usage: build::fail EXIT_CODE WORDS…
  local code=$1
  shift
  build::say "$@"
  exit "$code"
}

main "$@"
