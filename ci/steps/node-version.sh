#!/usr/bin/env bash
# Finds the Node version that a project asks for, and chooses the one that it gets; a library of the step toolchain.
set -Eeuo pipefail

node-version::read_requested() { # sets REQUESTED, a version or range, and REQUESTED_IN, where it is written; both are empty if there is none
  local name directory
  REQUESTED=${JOB[node]:-} REQUESTED_IN=${JOB[node]:+node_version}
  [[ -z $REQUESTED ]] || return 0
  for name in .nvmrc .node-version; do
    for directory in "${FACTS[project]}" "$WORKSPACE"; do
      lib::exists "$directory/$name" || continue
      # The first line that is neither empty nor a comment.
      REQUESTED_IN=$(as_build grep -nvE '^[[:space:]]*(#|$)' -m 1 "$directory/$name") || continue
      REQUESTED=$(sed -E 's/^[0-9]+://; s/#.*//; s/[[:space:]]//g' <<<"$REQUESTED_IN")
      REQUESTED_IN="$name line ${REQUESTED_IN%%:*}"
      return 0
    done
  done
  for name in volta dev_engines engines; do
    REQUESTED=${MANIFEST[$name]:-}
    [[ -n $REQUESTED ]] || continue
    REQUESTED_IN=$(as_build grep -nF -m 1 -- "\"$REQUESTED\"" "${FACTS[project]}/package.json" ||
      as_build grep -nF -m 1 -- "\"$REQUESTED\"" "$WORKSPACE/package.json" || true)
    REQUESTED_IN="package.json line ${REQUESTED_IN%%:*}"
    return 0
  done
}

node-version::choose() { # prints an exact, installed version: the default if it fits, else one in the image, else from the registry
  local default version
  local -a own
  default=$(readlink /koala/node/default)
  node-aliases::resolve "$REQUESTED" /koala/node/aliases "$STEPS/node-aliases.txt" && REQUESTED=$REPLY
  if [[ -z $REQUESTED || $default == "${REQUESTED#v}" || $default == "${REQUESTED#v}".* ]]; then echo "$default" && return; fi
  if [[ $REQUESTED =~ ^v?[0-9]+\.[0-9]+\.[0-9]+$ && -d /koala/node/${REQUESTED#v} ]]; then echo "${REQUESTED#v}" && return; fi
  version=$(node-version::_installed "$default")
  if [[ -z $version ]]; then
    mapfile -t own < <(fetched::other_nodes)
    version=$(node-version::_installed "${own[@]}")
  fi
  if [[ -z $version ]]; then
    version=$(registry::resolve_node "$REQUESTED" 2>"$RUN/resolve") ||
      toolchain::_unresolved "Node.js version \"$REQUESTED\", which $REQUESTED_IN asks for"
    fetched::note "/koala/node/$version"
    registry::node "$version" >&2
  fi
  echo "$version"
}

node-version::_installed() { # usage: node-version::_installed VERSION_OR_PATH…; prints the highest one that satisfies the request
  printf '%s\n' "${@##*/}" | jq -Rnc '{tags: {}, versions: [inputs]}' | registry::match "$REQUESTED"
}
