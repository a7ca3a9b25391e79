#!/usr/bin/env bash
# Chooses the version of the package manager that a project gets; a library of the step toolchain.
set -Eeuo pipefail

# Where it may be written; the first one that says something counts.
readonly -a MANAGER_PLACES=(packageManager volta devEngines bun-version tools engines)
# What the image has for a question, a line each: which of its versions fits is asked of a program that takes 50 ms to start. The image
# comes with the answers to what most projects ask.
readonly IMAGE_ANSWERS=$STATE/image-answers

# usage: manager-version::choose NAME NODE; sets FLAVOUR, VERSION (exact and installed), TOOL (its directory), and WHY (the reason,
# as in a note). A range is answered with the image's version if that fits, else with the registry's newest.
manager-version::choose() {
  local name=$1 node=$2 requested='' reads reads_why
  FLAVOUR='' VERSION='' TOOL='' WHY=''
  [[ $name != none ]] || return 0
  manager::of_project "$name" ||
    fail install_failed "the builder image does not know the package manager $name" 'Rebuild it: sh ci/build.sh in the directory of koalaci.' operator
  FLAVOUR=$REPLY
  if yarn-path::choose "$name"; then return 0; fi
  if requests::first "$name" "${MANAGER_PLACES[@]}"; then requested=$REPLY WHY=$WHERE; fi
  if requests::is_exact "$requested"; then
    VERSION=${requested#[v=]} VERSION=${VERSION%%+*}
    manager-version::_exists "$name"
    manager::of_version "$name" "$VERSION" && FLAVOUR=$REPLY
  else
    manager::call "$FLAVOUR" version_for "$node" && reads=$REPLY reads_why=$REPLY_WHY
    WHY+=${requested:+: $requested${reads_why:+, }}$reads_why
    manager-version::of_range "$name" "$node" "$requested" "$reads"
  fi
  manager-version::provide "$FLAVOUR" "$VERSION"
}

manager-version::provide() { # usage: manager-version::provide FLAVOUR VERSION; sets TOOL to its directory, which it fetches if it is not there
  registry::is_version "$2" || fail install_failed "\"$2\" is no version of $1" 'Change it to a version or a range.'
  TOOL=/koala/tools/$1/$2
  fetched::note "$TOOL"
  registry::manager "$1" "$2" >&2
}

manager-version::_exists() { # usage: manager-version::_exists NAME; fails if neither image nor registry has VERSION
  manager::of_version "$1" "$VERSION"
  if [[ -d /koala/tools/$REPLY/$VERSION ]]; then return 0; fi
  manager::flavours "$1"
  registry::resolve "$VERSION" "${WORDS[@]}" >/dev/null 2>"$RUN/resolve" ||
    toolchain::unresolved "$1 version \"$VERSION\", which $WHERE asks for"
}

manager-version::of_range() { # usage: … NAME NODE REQUESTED READS; sets FLAVOUR and VERSION
  local name=$1 node=$2
  local -a flavours ranges=()
  manager::flavours "$name" && flavours=("${WORDS[@]}")
  [[ -z $3 ]] || ranges+=("$3")
  [[ -z $4 ]] || ranges+=("$4")
  ((${#ranges[@]})) || ranges=('*')
  manager-version::_of_image "$node" "${ranges[@]}" -- "${flavours[@]}"
  VERSION=$REPLY
  if [[ -z $VERSION ]]; then
    fetched::asked
    VERSION=$(registry::resolve_for "$node" "${ranges[@]}" -- "${flavours[@]}" 2>"$RUN/resolve") ||
      toolchain::unresolved "$name version \"${ranges[0]}\", which ${WHERE:-${WHY:-Node $node}} asks for"
    if [[ -z $WHY && ! -d /koala/tools/${flavours[0]}/$VERSION ]]; then WHY="Node ${node%%.*}"; fi
  fi
  manager::of_version "$name" "$VERSION" && FLAVOUR=$REPLY
}

manager-version::foresee() { # usage: manager-version::foresee NODE…; answers beforehand what most projects ask; for the image
  local node flavour range
  local -a ranges flavours
  for node in "$@"; do
    for flavour in "${MANAGERS[@]}"; do
      manager::call "$flavour" usual_ranges && ranges=("${WORDS[@]}")
      manager::call "$flavour" name && manager::flavours "$REPLY" && flavours=("${WORDS[@]}")
      for range in "${ranges[@]}"; do manager-version::_of_image "$node" "$range" -- "${flavours[@]}"; done
    done
  done
}

manager-version::_of_image() { # usage: … NODE RANGE… -- FLAVOUR…; sets REPLY to the image's version that fits; empty if none does
  local node=$1 question="$*" answer
  local -a ranges=() answers=()
  if [[ -f $IMAGE_ANSWERS ]]; then mapfile -t answers <"$IMAGE_ANSWERS"; fi
  for answer in "${answers[@]}"; do
    REPLY=${answer##*$'\t'}
    if [[ ${answer%$'\t'*} == "$question" ]]; then return 0; fi
  done
  while [[ $2 != -- ]]; do ranges+=("$2") && shift; done
  REPLY=$(manager-version::_images "${@:3}" | registry::newest all "$node" "${ranges[@]}")
  # What a project may ask for has no end.
  ((${#answers[@]} >= 100)) || printf '%s\t%s\n' "$question" "$REPLY" >>"$IMAGE_ANSWERS"
}

manager-version::_images() { # usage: manager-version::_images FLAVOUR…; prints {versions, nodes} of the image
  local flavour
  for flavour in "$@"; do
    jq -c '{(.version): (.engines | objects | .node | strings)} // {(.version): ""}' "/koala/tools/$flavour/default/package.json"
  done | jq -sc 'add | {versions: keys, nodes: .}'
}
