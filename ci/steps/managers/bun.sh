#!/usr/bin/env bash
# bun. The questions are explained in default.sh.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

MANAGERS[30]=bun

bun::name() { REPLY=bun; }
bun::lockfiles() { WORDS=(bun.lockb bun.lock); }

# Copies: by default bun links files, and what a build writes into one would be in bun's cache too.
bun::frozen() { WORDS=(bun install --frozen-lockfile --backend copyfile); }

bun::plain() { WORDS=(bun install --backend copyfile); }

bun::refused_scripts() { # its lines: ./node_modules/sharp @0.33.0
  lib::program bun
  as_build "$REPLY" pm untrusted | sed -nE 's|^\./(.*/)?node_modules/((@[^/ ]+/)?[^/ ]+) @.*|\2|p'
}
bun::allowed_by() { REPLY='bun runs those of the packages that trustedDependencies in package.json names'; }

# Tarballs from elsewhere than the registry: it does not compare their hashes with the lockfile's again.
bun::drop_mutable() { run_at_home bash -c 'rm -rf ~/.bun/install/cache/@T@*'; }

bun::inputs() { WORDS=(.npmrc bunfig.toml); }
bun::variables() { REPLY='BUN_.*'; }

bun::downloads() { WORDS=(.bun/install/cache); }
bun::parts_of_download() { REPLY=1; } # react@19.0.0@@@1, the unpacked package; of a scope, all of its packages

bun::package() { # the regular build needs AVX2, and crashes with SIGILL without it
  REPLY=@oven/bun-linux-x64
  if [[ $(registry::arch) == arm64 ]]; then REPLY=@oven/bun-linux-aarch64
  elif ! grep -qw avx2 /proc/cpuinfo; then REPLY+=-baseline
  fi
}
bun::versions() { REPLY='^[0-9]'; }
# The package's package.json lists no programs.
bun::programs() { printf '%s\n' 'bun bin/bun' 'bunx bin/bun x'; }
