#!/usr/bin/env bash
# Step toolchain: the Node version and the package manager that the project asks for; a library.
set -Eeuo pipefail

# What manifest.jq prints about package.json, one line per field, in this order.
readonly -a MANIFEST_FIELDS=(volta dev_engines engines manager_name manager_version dependencies)
declare -A MANIFEST=()

step::toolchain() {
  local node manager version path
  install-key::list_inputs
  cache-patterns::refresh
  if toolchain::remembered; then return; fi
  toolchain::read_manifest "${FACTS[project]}"
  # A monorepo may say it only at its root.
  if [[ ${FACTS[project]} != "$WORKSPACE" ]]; then toolchain::read_manifest "$WORKSPACE"; fi
  manager=$(toolchain::manager)
  node-version::read_requested
  node=$(node-version::choose)
  version=$(toolchain::manager_version "$manager" "$node")
  path=/koala/node/$node/bin
  if [[ -n $version ]]; then
    manager::of_version "$manager" "$version"
    fact flavour "$REPLY"
    path+=:/koala/tools/$REPLY/$version/shims
  fi
  # Programs that a build installs globally come after the tools.
  fact path "$path:/home/build/.local/bin:$BASE_PATH"
  fact node "$node"
  fact manager "$manager"
  fact manager_version "$version"
  if manager::any has_workspaces; then MANIFEST[dependencies]=1; fi
  fact dependencies "${MANIFEST[dependencies]:-0}"
  fact note "node $node${REQUESTED_IN:+ ($REQUESTED_IN)}${version:+, $manager $version}"
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

toolchain::read_manifest() { # usage: toolchain::read_manifest DIRECTORY; fills empty fields of MANIFEST from its package.json
  local directory=$1 said i field named=${MANIFEST[manager_name]:-}
  local -a values
  lib::exists "$directory/package.json" || return 0
  said=$(as_build jq -rf "$DECISIONS/manifest.jq" "$directory/package.json" 2>&1) ||
    fail install_failed "package.json cannot be used: ${said##*: }" 'Correct package.json.'
  mapfile -t values <<<"$said"
  for i in "${!MANIFEST_FIELDS[@]}"; do
    field=${MANIFEST_FIELDS[i]}
    if [[ $field == manager_version && -n $named ]]; then continue; fi # name and version come from the same file
    [[ -n ${MANIFEST[$field]:-} ]] || MANIFEST[$field]=${values[i]:-}
  done
}

toolchain::manager() { # prints the name of the package manager, or none
  local named=${MANIFEST[manager_name]:-}
  if [[ ${JOB[manager]} != auto ]]; then echo "${JOB[manager]}"
  elif manager::flavours "$named"; then echo "$named"
  elif manager::detect; then echo "$REPLY"
  elif lib::exists "${FACTS[project]}/package.json"; then
    # npm: it is the last one, and comes with Node.
    manager::call "${MANAGERS[-1]}" name && echo "$REPLY"
  else echo none
  fi
}

toolchain::manager_version() { # usage: toolchain::manager_version NAME NODE; prints the exact version, installed
  local name=$1 node=$2 requested='' version flavour
  [[ $name != none ]] || return 0
  manager::flavours "$name" ||
    fail install_failed "the builder image does not know the package manager $name" 'Rebuild it: sh ci/build.sh in the directory of koalaci.'
  [[ ${MANIFEST[manager_name]:-} != "$name" ]] || requested=${MANIFEST[manager_version]:-}
  if [[ -z $requested ]]; then
    manager::of_project "$name" && flavour=$REPLY
    manager::call "$flavour" version_for "$node" && requested=$REPLY
    if [[ -z $requested ]]; then readlink "/koala/tools/$flavour/default"; return; fi
  fi
  manager::of_version "$name" "$requested"
  if [[ $requested == [0-9]* && -d /koala/tools/$REPLY/$requested ]]; then echo "$requested"; return; fi
  manager::flavours "$name"
  version=$(registry::resolve "$requested" "${WORDS[@]}" 2>"$RUN/resolve") ||
    toolchain::_unresolved "$name version \"$requested\", which package.json asks for"
  manager::of_version "$name" "$version"
  fetched::note "/koala/tools/$REPLY/$version"
  registry::manager "$REPLY" "$version" >&2
  echo "$version"
}

toolchain::_unresolved() { # usage: toolchain::_unresolved WHAT; fails: the registry has no such version, or does not answer
  if grep -q 'no version of' "$RUN/resolve"; then
    fail install_failed "there is no $1" 'Change it to a version or range that exists.'
  fi
  cat "$RUN/resolve" >&2
  fail install_failed "the npm registry did not answer a request for $1" \
    'Check the network of the build machine; the lines above say what failed.'
}
