#!/usr/bin/env bash
# Step toolchain: the Node version and the package manager that the project asks for; a library.
# shellcheck disable=SC2154 # requests.sh has MANIFEST
set -Eeuo pipefail

step::toolchain() {
  local refreshing=''
  install-key::list_inputs
  if ! cache-patterns::are_fresh; then
    cache-patterns::refresh &
    refreshing=$!
  fi
  toolchain::remembered || toolchain::choose
  [[ -z $refreshing ]] || wait "$refreshing"
  detection::decide
}

toolchain::choose() { # answers the question, and remembers the answer
  local node manager path note
  rm -f "$ASKED"
  requests::collect
  manager=$(toolchain::manager)
  node-version::read_requested
  node-version::choose && node=$REPLY note="node $REPLY${WHY:+ ($WHY)}"
  manager-version::choose "$manager" "$node"
  path=/koala/node/$node/bin${TOOL:+:$TOOL/shims}
  note+=${VERSION:+, $manager $VERSION${WHY:+ ($WHY)}}
  fact node "$node"
  fact manager "$manager"
  fact flavour "$FLAVOUR"
  fact manager_version "$VERSION"
  fact note "$note"
  if [[ $manager != npm ]]; then toolchain::npm_for "$node" && path+=${REPLY:+:$REPLY/shims}; fi
  # What the project's own calls of corepack fetch comes before the tools, what a build installs globally after them: a corepack too,
  # since it would put the versions that it is told there.
  fact path "/home/build/.corepack/bin:$path:/koala/corepack:/home/build/.local/bin:$BASE_PATH"
  if manager::any has_workspaces; then MANIFEST[dependencies]=1; fi
  fact dependencies "${MANIFEST[dependencies]:-0}"
  { printf '%s\n\0' "$(toolchain::question)" && cat "$FACTS_FILE"; } >"$STATE/toolchain"
}

toolchain::question() { # prints everything that the answer depends on
  printf '%s\n' "${JOB[manager]}" "${JOB[node]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
}

toolchain::remembered() { # uses the last build's answer if the question is the same; the snapshot has the versions that it names
  local -a said=()
  local pair
  if [[ -f $STATE/toolchain ]] && ! fetched::is_old "$STATE/toolchain"; then mapfile -d '' -t said <"$STATE/toolchain"; fi
  [[ ${#said[@]} -gt 1 && ${said[0]} == "$(toolchain::question)"$'\n' ]] || return 1
  for pair in "${said[@]:1}"; do fact "${pair%%=*}" "${pair#*=}"; done
}

toolchain::manager() { # prints the name of the package manager, or none
  local named=${MANIFEST[manager]:-}
  if [[ ${JOB[manager]} != auto ]]; then echo "${JOB[manager]}"
  elif [[ -n $named ]] && manager::flavours "$named"; then echo "$named"
  elif manager::detect; then echo "$REPLY"
  elif manifest::find "${FACTS[project]}"; then
    # npm: it is the last one, and comes with Node. The other manifests are pnpm's.
    if [[ $REPLY == *.json ]]; then manager::call "${MANAGERS[-1]}" name && echo "$REPLY"; else echo pnpm; fi
  else echo none
  fi
}

toolchain::npm_for() { # usage: toolchain::npm_for NODE; sets REPLY to the directory of the npm that scripts get, if NODE cannot run the image's
  # shellcheck disable=SC2034
  local FLAVOUR VERSION TOOL WHERE='' WHY="Node $1"
  manager-version::of_range npm "$1" '' ''
  REPLY=''
  if [[ $VERSION == "$(readlink /koala/tools/npm/default)" ]]; then return 0; fi
  manager-version::provide npm "$VERSION" && REPLY=$TOOL
}

toolchain::unresolved() { # usage: toolchain::unresolved WHAT; fails: the registry has no such version, or does not answer
  if grep -q 'no version of' "$RUN/resolve"; then
    fail install_failed "there is no $1" 'Change it to a version or range that exists.'
  fi
  cat "$RUN/resolve" >&2
  fail install_failed "the npm registry did not answer a request for $1" \
    'Build again; if it stays so, check the network of the build machine.' service
}
