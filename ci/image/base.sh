#!/usr/bin/env bash
# Makes the builder image's base, koalaci-base:bookworm, from Debian packages, for machines that cannot reach a container registry.

set -Eeuo pipefail

readonly TAG=koalaci-base:bookworm SUITE=bookworm

main() {
  base::tool
  base::import
}

base::tool() {
  # Ubuntu does not come with Debian's keyring
  if command -v mmdebstrap && [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]]; then return; fi >/dev/null
  local -a install=(apt-get install -y --no-install-recommends mmdebstrap debian-archive-keyring)
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    printf 'base: making %s needs mmdebstrap; type: sudo %s\n' "$TAG" "${install[*]}" >&2
    exit 5
  fi
  printf 'base: installing mmdebstrap\n' >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${install[@]}" -qq 2>&1; } >/dev/null
}

base::import() {
  local mirror security
  mirror=$(base::mirror 'debian' http://deb.debian.org/debian)
  security=$(base::mirror 'debian-security' http://deb.debian.org/debian-security)
  printf 'base: making %s from %s (a minute or two)\n' "$TAG" "$mirror" >&2
  # mmdebstrap uses a user namespace if it does not run as root. Like debian:*-slim, the base has no documentation and no
  # translations.
  # shellcheck disable=SC2016 # the hook expands "$1", the directory of the new system
  mmdebstrap --quiet --variant=minbase --components=main \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='APT::Install-Recommends "false"' --customize-hook='rm -f "$1"/etc/hostname "$1"/etc/resolv.conf' \
    "$SUITE" - \
    "deb $mirror $SUITE main" "deb $mirror $SUITE-updates main" "deb $security $SUITE-security main" |
    docker import --change 'LABEL koalaci.image=1' --change 'CMD ["bash"]' - "$TAG" >/dev/null
}

base::mirror() { # usage: base::mirror LAST_PATH_PART DEFAULT; prints the mirror that this host uses if it runs Debian, else DEFAULT
  local found=''
  if [[ $(base::host) == debian ]]; then
    # `URIs: …` in *.sources, `deb [options] … suite` in *.list; takes the first address that ends with LAST_PATH_PART
    found=$(find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.list' -o -name '*.sources' \) \
      -exec grep -hE '^(URIs:|deb )' {} + 2>/dev/null | grep -oE 'https?://[^ ]+' | grep -E "/$1/?\$" | head -n 1) || true
  fi
  printf '%s\n' "${found:-$2}"
}

base::host() {
  # shellcheck source=/dev/null
  (. /etc/os-release 2>/dev/null && printf '%s\n' "${ID:-}")
}

main "$@"
