#!/usr/bin/env bash
# Makes a fresh Debian or Ubuntu machine ready for koalaci: packages, engine, npm ci, compile, image; only what is missing.
# `--test` adds what the tests need, `--bench` what the bench does.

if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # `sh setup.sh` works too
set +o posix
set -Eeuo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly ROOT
# shellcheck source=engine.sh
source "$ROOT/ci/engine.sh"
UPDATED=no # apt-get update was done

main() {
  local -a programs=(git)
  case ${1:-} in
    --test) programs+=(shellcheck jq redis-server docker-registry) ;;
    --bench) programs+=(redis-server rsync) ;;
    '') ;;
    *) setup::fail 2 'usage: setup.sh [--test|--bench]' ;;
  esac
  cd "$ROOT"
  setup::node
  setup::packages "${programs[@]}"
  setup::engine
  setup::dependencies
  setup::compile
  "$ROOT/ci/build.sh" --if-stale
  setup::say ready
}

setup::node() {
  local version
  version=$(node -p 'process.versions.node' 2>/dev/null) || setup::fail 5 'Node 20.20 or newer is needed, and there is none'
  if [[ $(printf '%s\n' 20.20.0 "$version" | sort -V | head -n 1) == 20.20.0 ]]; then return; fi
  setup::fail 5 "Node 20.20 or newer is needed; this is $version"
}

setup::packages() { # usage: setup::packages PROGRAM…; each comes from the package of its name
  local program
  local -a missing=()
  for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
  if ((${#missing[@]})); then setup::install "${missing[@]}"; fi
}

setup::install() { # usage: setup::install PACKAGE…; those that this release does not have are left out
  local package
  local -a found=()
  if ! command -v apt-get >/dev/null; then setup::fail 5 "please install: $*"; fi
  if ((EUID == 0)) && [[ $UPDATED == no ]]; then setup::quietly apt-get update; fi
  UPDATED=yes
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then found+=("$package"); fi
  done
  if ((${#found[@]} == 0)); then found=("$1"); fi # no lists yet, or apt says itself that there is none
  if ((EUID != 0)); then
    setup::fail 5 "missing: ${found[*]}; type: sudo apt-get update && sudo apt-get install -y ${found[*]}"
  fi
  setup::say "installing ${found[*]}"
  # RUNLEVEL=1 keeps package scripts from starting a service by themselves where there is no systemd.
  setup::quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "${found[@]}"
}

setup::engine() {
  local answer
  # docker-cli and docker-buildx are packages of their own in newer releases only. Where the kernel has AppArmor, no
  # container starts without its tools. ca-certificates: the engine and npm talk TLS.
  if ! command -v docker >/dev/null; then
    setup::install docker.io docker-cli docker-buildx apparmor ca-certificates
    hash -r
  fi
  if answer=$(engine::ask); then return; fi
  if [[ $answer == *'permission denied'* ]]; then
    setup::fail 5 "this user may not use docker; type: sudo usermod -aG docker $(id -un), then log in again"
  fi
  if [[ -n ${DOCKER_HOST:-} ]]; then setup::fail 5 "no docker engine answers at DOCKER_HOST=$DOCKER_HOST"; fi
  if ! command -v dockerd >/dev/null && ((EUID == 0)); then setup::install docker.io; fi
  setup::start_engine
}

setup::start_engine() {
  local started=$SECONDS
  if ((EUID != 0)); then
    setup::fail 5 'docker is installed and does not run; type: sudo systemctl enable --now docker'
  fi
  setup::say 'starting docker'
  if [[ -d /run/systemd/system ]]; then setup::quietly systemctl enable --now docker; fi
  until engine::ask >/dev/null; do
    if [[ ! -d /run/systemd/system ]]; then engine::launch; fi
    if ((SECONDS - started > 60)); then
      tail -n 10 "$ENGINE_LOG" >&2 2>/dev/null || true
      setup::fail 5 "docker does not answer after 60 s; look at $ENGINE_LOG or: journalctl -u docker"
    fi
    sleep 0.3
  done
}

setup::dependencies() { # an installed koalaci has no lockfile and needs none
  if [[ ! -e package-lock.json ]]; then return; fi
  if [[ -e node_modules/.package-lock.json && ! package-lock.json -nt node_modules/.package-lock.json ]]; then return; fi
  setup::say 'npm ci'
  setup::quietly npm ci --include=dev --no-audit --no-fund
}

setup::compile() {
  if [[ ! -d src ]]; then return; fi
  if [[ -d dist && -z $(find src ci/bundle.js package-lock.json -newer dist -print -quit) ]]; then return; fi
  setup::say 'npm run compile'
  if setup::run npm run compile; then return; fi
  rm -rf dist # half a compilation would pass for a whole one the next time
  setup::fail 1 'koalaci does not compile'
}

setup::quietly() { setup::run "$@" || setup::fail 1 "this failed: $*"; }

setup::run() { # usage: setup::run COMMAND…; shows its output only when it fails
  local output
  if output=$("$@" 2>&1 </dev/null); then return; fi
  # npm says what is wrong first, and how to use it after; apt the other way round
  awk '{ line[NR] = $0 } END { for (i = 1; i <= NR; i++) if (i <= 15 || i > NR - 15) print line[i] }' <<<"$output" >&2
  return 1
}

setup::say() { printf 'setup: %s\n' "$*" >&2; }

setup::fail() { # usage: setup::fail EXIT_CODE WORDS…
  local code=$1
  shift
  setup::say "$@"
  exit "$code"
}

main "$@"
