#!/usr/bin/env bash
# Makes a fresh Debian or Ubuntu machine ready for koalaci: packages, engine, npm ci, compile, image. Skips what is there.
# `--test` adds the packages that the tests need, `--long` those that the long ones need too, `--bench` those that the bench needs.

if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # `sh setup.sh` works too
set +o posix
set -Eeuo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly ROOT
# shellcheck source=engine.sh
source "$ROOT/ci/engine.sh"
declare -rA PACKAGES=([ssh-keygen]=openssh-client [sshd]=openssh-server [bsdtar]=libarchive-tools [7z]=p7zip-full)
UPDATED=no # whether apt-get update has run

main() {
  local -a programs=(git)
  local -ra tested=(shellcheck jq redis-server docker-registry ssh-keygen sshd python3 bsdtar busybox cpio 7z)
  case ${1:-} in
    --test) programs+=("${tested[@]}") ;;
    --long) programs+=("${tested[@]}" chromium-headless-shell) ;;
    --bench) programs+=(redis-server rsync) ;;
    '') ;;
    *) setup::fail 2 'usage: setup.sh [--test|--long|--bench]' ;;
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
  version=$(node -p 'process.versions.node' 2>/dev/null) || setup::fail 5 'koalaci needs Node 20.20 or newer, and this machine has no node'
  if [[ $(printf '%s\n' 20.20.0 "$version" | sort -V | head -n 1) == 20.20.0 ]]; then return; fi
  setup::fail 5 "koalaci needs Node 20.20 or newer; this is $version"
}

setup::packages() { # usage: setup::packages PROGRAM…; a program's package has the same name, if it is not in PACKAGES
  local program
  local -a missing=()
  for program in "$@"; do
    # Ordinary users have no sbin in their PATH.
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || missing+=("${PACKAGES[$program]:-$program}")
  done
  if ((${#missing[@]})); then setup::install "${missing[@]}"; fi
}

setup::install() { # usage: setup::install PACKAGE…; skips packages that this release does not have
  local package
  local -a found=()
  if ! command -v apt-get >/dev/null; then setup::fail 5 "there is no apt-get here; install these yourself: $*"; fi
  if ((EUID == 0)) && [[ $UPDATED == no ]]; then setup::quietly apt-get update; fi
  UPDATED=yes
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then found+=("$package"); fi
  done
  if ((${#found[@]} == 0)); then found=("$1"); fi # no package lists yet, or no such package: let apt report it
  if ((EUID != 0)); then
    setup::fail 5 "missing: ${found[*]}; type: sudo apt-get update && sudo apt-get install -y ${found[*]}"
  fi
  setup::say "installing ${found[*]}"
  # Without systemd, package scripts start services themselves; RUNLEVEL=1 stops them.
  setup::quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "${found[@]}"
}

setup::engine() {
  local answer
  # Only newer releases split docker-cli and docker-buildx from docker.io. If the kernel has AppArmor, no container starts
  # without the apparmor tools. The engine and npm need ca-certificates for TLS.
  if ! command -v docker >/dev/null; then
    setup::install docker.io docker-cli docker-buildx apparmor ca-certificates
    hash -r
  fi
  if answer=$(engine::ask); then return; fi
  if [[ $answer == *'permission denied'* ]]; then
    setup::fail 5 "you may not use docker; type: sudo usermod -aG docker $(id -un), then log in again"
  fi
  if [[ -n ${DOCKER_HOST:-} ]]; then setup::fail 5 "no docker engine answers at DOCKER_HOST=$DOCKER_HOST"; fi
  if ! command -v dockerd >/dev/null && ((EUID == 0)); then setup::install docker.io; fi
  setup::start_engine
}

setup::start_engine() {
  local started=$SECONDS
  if ((EUID != 0)); then
    setup::fail 5 'docker is installed but not running; type: sudo systemctl enable --now docker'
  fi
  setup::say 'starting docker'
  if [[ -d /run/systemd/system ]]; then setup::quietly systemctl enable --now docker; fi
  until engine::ask >/dev/null; do
    if [[ ! -d /run/systemd/system ]]; then engine::launch; fi
    if ((SECONDS - started > 60)); then
      tail -n 10 "$ENGINE_LOG" >&2 2>/dev/null || true
      setup::fail 5 "docker did not answer within 60 s; see $ENGINE_LOG, or type: journalctl -u docker"
    fi
    sleep 0.3
  done
}

setup::dependencies() { # koalaci as an installed npm package has no lockfile, and npm has installed its dependencies
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
  rm -rf dist # otherwise the next call would take a partial dist for a complete one
  setup::fail 1 'koalaci does not compile'
}

setup::quietly() { setup::run "$@" || setup::fail 1 "this command failed: $*"; }

setup::run() { # usage: setup::run COMMAND…; prints the command's output only if it fails
  local output
  if output=$("$@" 2>&1 </dev/null); then return; fi
  # npm prints the error first, apt prints it last: show both ends
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
