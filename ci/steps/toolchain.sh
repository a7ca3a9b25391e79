#!/usr/bin/env bash
# Step toolchain: the Node version and the package manager that the project asks for; a library.
set -Eeuo pipefail

# What package.json says, a line each, in this order.
readonly -a MANIFEST_FIELDS=(volta dev_engines engines manager_name manager_version dependencies)
declare -A MANIFEST=()

step::toolchain() {
  local node manager version path
  reuse::list_inputs
  if toolchain::remembered; then return; fi
  toolchain::read_manifest "${FACTS[project]}"
  # A monorepo says it once, at its root.
  if [[ ${FACTS[project]} != "$WORKSPACE" ]]; then toolchain::read_manifest "$WORKSPACE"; fi
  manager=$(toolchain::manager)
  toolchain::wish
  node=$(toolchain::node)
  version=$(toolchain::manager_version "$manager" "$node")
  path=/koala/node/$node/bin
  [[ -z $version ]] || path+=:/koala/tools/$manager/$version/shims
  # What a build installs globally comes after the tools.
  fact path "$path:/home/build/.local/bin:$BASE_PATH"
  fact node "$node"
  fact manager "$manager"
  fact manager_version "$version"
  # pnpm names its workspaces in a file of their own.
  if lib::exists "${FACTS[project]}/pnpm-workspace.yaml"; then MANIFEST[dependencies]=1; fi
  fact dependencies "${MANIFEST[dependencies]:-0}"
  fact note "node $node${WISH_FROM:+ ($WISH_FROM)}${version:+, $manager $version}"
  { printf '%s\n\0' "$(toolchain::question)" && cat "$FACTS_FILE"; } >"$STATE/toolchain"
}

toolchain::question() { # what the answer depends on
  printf '%s\n' "${JOB[manager]}" "${JOB[node]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
}

toolchain::remembered() { # the last build's answer to the same question, for as long as the snapshot has what it names
  local -a said=()
  local pair
  [[ ! -f $STATE/toolchain ]] || mapfile -d '' -t said <"$STATE/toolchain"
  [[ ${#said[@]} -gt 1 && ${said[0]} == "$(toolchain::question)"$'\n' ]] || return 1
  for pair in "${said[@]:1}"; do fact "${pair%%=*}" "${pair#*=}"; done
}

toolchain::read_manifest() { # usage: toolchain::read_manifest DIRECTORY; fills from its package.json what MANIFEST does not have
  local directory=$1 said i field named=${MANIFEST[manager_name]:-}
  local -a values
  lib::exists "$directory/package.json" || return 0
  # shellcheck disable=SC2016 # jq's variables
  said=$(as_build jq -r '
    def one: if type == "array" then .[0] else . end | if type == "object" then . else {} end;
    def text: if type == "string" then gsub("[\\x00-\\x1f]"; " ") else "" end;
    def count: if type == "object" then length else 0 end;
    if type != "object" then error("it is not an object") else . end |
    (.devEngines?.packageManager? | one) as $dev | ((.packageManager? | text) | split("@")) as $exact
    | (.volta?.node? | text), (.devEngines?.runtime? | one | select(.name == "node") // {} | .version | text),
      (.engines?.node? | text),
      (if $exact[0] then $exact[0] else ($dev.name | text) end),
      (if $exact[0] then ($exact[1] // "" | split("+")[0] // "") else ($dev.version | text) end),
      ([.dependencies, .devDependencies, .optionalDependencies | count] + [.workspaces | if . then 1 else 0 end]
        + [(.scripts? // {})["preinstall", "install", "postinstall", "prepare"] | if . then 1 else 0 end] | add)
    ' "$directory/package.json" 2>&1) ||
    fail install_failed "package.json cannot be used: ${said##*: }" 'Correct package.json.'
  mapfile -t values <<<"$said"
  for i in "${!MANIFEST_FIELDS[@]}"; do
    field=${MANIFEST_FIELDS[i]}
    if [[ $field == manager_version && -n $named ]]; then continue; fi # a version is of the name beside it
    [[ -n ${MANIFEST[$field]:-} ]] || MANIFEST[$field]=${values[i]:-}
  done
}

toolchain::manager() { # prints npm, yarn, pnpm, bun or none
  local manager=${JOB[manager]} name
  if [[ $manager != auto ]]; then echo "$manager" && return; fi
  case ${MANIFEST[manager_name]:-} in npm | yarn | pnpm | bun) echo "${MANIFEST[manager_name]}" && return ;; esac
  for name in pnpm yarn bun npm; do
    if install::find_lockfile "$name"; then echo "$name" && return; fi
  done
  if lib::exists "${FACTS[project]}/package.json"; then echo npm; else echo none; fi
}

toolchain::wish() { # sets WISH, a version or range, and WISH_FROM, where it was found; both empty when nothing asks
  local name directory
  WISH=${JOB[node]:-} WISH_FROM=${JOB[node]:+node_version}
  [[ -z $WISH ]] || return 0
  for name in .nvmrc .node-version; do
    for directory in "${FACTS[project]}" "$WORKSPACE"; do
      lib::exists "$directory/$name" || continue
      # The first line that is neither empty nor a comment.
      WISH_FROM=$(as_build grep -nvE '^[[:space:]]*(#|$)' -m 1 "$directory/$name") || continue
      WISH=$(sed -E 's/^[0-9]+://; s/#.*//; s/[[:space:]]//g' <<<"$WISH_FROM")
      WISH_FROM="$name line ${WISH_FROM%%:*}"
      return 0
    done
  done
  for name in volta dev_engines engines; do
    WISH=${MANIFEST[$name]:-}
    [[ -n $WISH ]] || continue
    WISH_FROM=$(as_build grep -nF -m 1 -- "\"$WISH\"" "${FACTS[project]}/package.json" ||
      as_build grep -nF -m 1 -- "\"$WISH\"" "$WORKSPACE/package.json" || true)
    WISH_FROM="package.json line ${WISH_FROM%%:*}"
    return 0
  done
}

toolchain::node() { # prints the exact version, installed: the default if it fits, else one of the image, else from the registry
  local default version
  default=$(readlink /koala/node/default)
  WISH=$(toolchain::_alias "$WISH")
  if [[ -z $WISH || $default == "${WISH#v}" || $default == "${WISH#v}".* ]]; then echo "$default" && return; fi
  version=$(toolchain::_installed "$default")
  [[ -n $version ]] || version=$(toolchain::_installed /koala/node/[0-9]*)
  if [[ -z $version ]]; then
    version=$(registry::resolve node "$WISH" 2>"$RUN/resolve") ||
      toolchain::_unresolved "Node.js version \"$WISH\", which $WISH_FROM asks for"
    registry::node "$version" >&2
  fi
  echo "$version"
}

toolchain::_installed() { # usage: toolchain::_installed VERSION_OR_PATH…; prints the highest of them that fits the wish
  printf '%s\n' "${@##*/}" | jq -Rnc '{tags: {}, versions: [inputs]}' | registry::match "$WISH"
}

toolchain::_alias() { # usage: toolchain::_alias WISH; the names of nvm; code names from the Node.js release schedule
  case $1 in
    lts/\* | lts) echo 24 ;;
    lts/argon) echo 4 ;; lts/boron) echo 6 ;; lts/carbon) echo 8 ;; lts/dubnium) echo 10 ;; lts/erbium) echo 12 ;;
    lts/fermium) echo 14 ;; lts/gallium) echo 16 ;; lts/hydrogen) echo 18 ;; lts/iron) echo 20 ;; lts/jod) echo 22 ;;
    lts/krypton) echo 24 ;;
    node | current | stable) echo latest ;;
    *) echo "$1" ;;
  esac
}

toolchain::manager_version() { # usage: toolchain::manager_version MANAGER NODE; prints the exact version, installed
  local manager=$1 node=$2 wish='' from='package.json' version
  [[ $manager != none ]] || return 0
  [[ ${MANIFEST[manager_name]:-} != "$manager" ]] || wish=${MANIFEST[manager_version]:-}
  [[ -n $wish ]] || wish=$(toolchain::_older_manager "$manager" "$node")
  if [[ -z $wish ]]; then
    if [[ $manager == yarn ]] && install::is_berry; then readlink /koala/tools/yarn/berry; else readlink "/koala/tools/$manager/default"; fi
    return
  fi
  if [[ ! -d /koala/tools/$manager/$wish ]]; then
    version=$(registry::resolve "$manager" "$wish" 2>"$RUN/resolve") ||
      toolchain::_unresolved "$manager version \"$wish\", which $from asks for"
    wish=$version
    registry::manager "$manager" "$wish" >&2
  fi
  echo "$wish"
}

toolchain::_older_manager() { # usage: toolchain::_older_manager MANAGER NODE; prints a version where the default does not fit
  local manager=$1 node=$2
  case $manager in
    npm) # npm 11 needs Node 20.17; older Nodes get the newest npm that runs on them (engines of npm's packages)
      case $node in
        20.?.* | 20.1[0-6].* | 18.* | 19.* | 21.* | 22.[0-8].*) echo 10 ;;
        14.* | 15.* | 16.* | 17.*) echo 9 ;;
        ?.* | 10.* | 11.* | 12.* | 13.*) echo 6 ;;
      esac ;;
    pnpm) # each pnpm reads the lockfiles of a few only
      install::find_lockfile pnpm || return 0
      case $(as_build grep -m 1 '^lockfileVersion:' "$REPLY") in *5.*) echo 7 ;; *6.*) echo 8 ;; esac ;;
  esac
}

toolchain::_unresolved() { # usage: toolchain::_unresolved WHAT; the registry knows no such version, or does not answer
  if grep -q 'no version of' "$RUN/resolve"; then
    fail install_failed "there is no $1" 'Correct it to a version or range that exists.'
  fi
  cat "$RUN/resolve" >&2
  fail install_failed "the npm registry does not tell whether there is a $1" \
    'Check the network of the build box; the lines above say what failed.'
}
