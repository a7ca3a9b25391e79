#!/usr/bin/env bash
# The manifest of a package: package.json, or what pnpm reads in its place; a library. It needs manager.sh.
set -Eeuo pipefail

# In pnpm's order.
readonly -a MANIFESTS=(package.json package.json5 package.yaml)

manifest::find() { # usage: manifest::find DIRECTORY; sets REPLY to the manifest in it
  local name
  for name in "${MANIFESTS[@]}"; do
    REPLY=$1/$name
    if [[ -f $REPLY ]]; then return 0; fi
  done
  return 1
}

manifest::json() { # usage: manifest::json FILE; prints it as JSON; for the build user
  if [[ $1 == *.json ]]; then cat -- "$1" && return; fi
  # From /: bun would read the project's bunfig.toml, and its .env.
  (cd / && bun "$DECISIONS/to-json.mjs" "$1" 2>&1)
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  readonly DECISIONS="${BASH_SOURCE[0]%/*}/decisions"
  manifest::json "$1"
fi
