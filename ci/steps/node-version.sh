#!/usr/bin/env bash
# Finds the Node version that a project asks for, and chooses the one that it gets; a library of the step toolchain.
set -Eeuo pipefail

# Where a version of Node may be written; the first one that says something counts.
readonly -a NODE_PLACES=(nvmrc node-version tools volta devEngines engines)

node-version::read_requested() { # sets REQUESTED, a version or range, and REQUESTED_IN, where it is written; both are empty if there is none
  REQUESTED=${JOB[node]:-} REQUESTED_IN=${JOB[node]:+${FACTS[node_in]:-node_version}}
  if [[ -n $REQUESTED ]]; then requests::check node "$REQUESTED" node_version && return 0; fi
  if requests::first node "${NODE_PLACES[@]}"; then REQUESTED=$REPLY REQUESTED_IN=$WHERE; fi
}

node-version::choose() { # sets REPLY to an exact, installed version, and WHY to the reason, as in a note: the default if it fits, else one in the image, else from the registry
  local default version
  local -a own
  default=$(readlink /koala/node/default)
  REPLY=$default WHY=''
  [[ -n $REQUESTED ]] || return 0
  WHY=$REQUESTED_IN
  requests::is_exact "$REQUESTED" || WHY+=": $REQUESTED"
  node-aliases::resolve "$REQUESTED" /koala/node/aliases "$STEPS/node-aliases.txt" && REQUESTED=$REPLY
  if [[ $REQUESTED == iojs* ]]; then
    fail install_failed "koalaci has no io.js, which $REQUESTED_IN asks for" 'Ask for a version of Node.js.'
  fi
  if [[ $default == "${REQUESTED#v}" || $default == "${REQUESTED#v}".* ]]; then REPLY=$default && return; fi
  if requests::is_exact "$REQUESTED" && [[ -d /koala/node/${REQUESTED#v} ]]; then REPLY=${REQUESTED#v} && return; fi
  version=$(node-version::_installed "$default")
  if [[ -z $version ]]; then
    mapfile -t own < <(fetched::other_nodes)
    version=$(node-version::_installed "${own[@]}")
  fi
  [[ -n $version ]] || { node-version::_fetch && version=$REPLY; }
  REPLY=$version
}

node-version::_fetch() { # sets REPLY to the version in the registry; installs it
  local version
  fetched::asked
  version=$(registry::resolve_node "$REQUESTED" 2>"$RUN/resolve") ||
    toolchain::unresolved "Node.js version \"$REQUESTED\", which $REQUESTED_IN asks for"
  fetched::note "/koala/node/$version"
  registry::node "$version" >&2
  REPLY=$version
}

node-version::_installed() { # usage: node-version::_installed VERSION_OR_PATH…; prints the best one that satisfies the request
  printf '%s\n' "${@##*/}" | jq -Rnc '{tags: {}, versions: [inputs]}' | registry::match "$REQUESTED" lts
}
