#!/usr/bin/env bash
# Says which paths are caches of tools: the rows of frameworks.txt that apply, and the project's own list, koalaci.cache in
# package.json. A library, and a program. The build user runs both, in the workspace.
#
# usage: tool-caches.sh patterns|home ARGUMENTS…; calls that function
set -Eeuo pipefail
# shellcheck source=manager.sh
source "${BASH_SOURCE[0]%/*}/manager.sh"
# shellcheck source=manifest.sh
source "${BASH_SOURCE[0]%/*}/manifest.sh"

readonly TOOL_CACHES="${BASH_SOURCE[0]%/*}/detection/frameworks.txt"
# Where in the home the caches are that tools keep in /tmp.
readonly LED_HOME=.cache/koalaci

tool-caches::patterns() { # usage: tool-caches::patterns PROJECT_ROOT; prints patterns as in .gitignore, from the workspace's root, one per line
  local root=$1 file converted=''
  local -a manifests=() sound=()
  tool-caches::_manifests
  ((${#manifests[@]})) || return 0
  if tool-caches::_decide "$root" "${manifests[@]}"; then return 0; fi
  # jq gives up at a file that is no JSON, such as a test's.
  for file in "${manifests[@]}"; do
    if jq -e . "$file" >/dev/null 2>&1; then sound+=("$file"); fi
  done
  ((${#sound[@]} == 0)) || tool-caches::_decide "$root" "${sound[@]}"
}

tool-caches::home() { # prints the paths of download caches and of caches that belong into /tmp, relative to the home, one per line
  local place _
  manager::all downloads
  for place in "${WORDS[@]}"; do tool-caches::_expand "$place"; done
  while read -r place _; do
    place=${place%/}
    case $place in
      [~]/*) printf '%s\n' "${place#\~/}" ;;
      /tmp/*) printf '%s\n' "$LED_HOME/${place#/tmp/}" ;;
    esac
  done <"$TOOL_CACHES"
}

tool-caches::link() { # links the places below /tmp, which is new in each container, to the home
  local place _ top
  local -A tops=()
  local -a missing=()
  while read -r place _; do
    [[ $place == /tmp/* ]] || continue
    place=${place#/tmp/} place=${place%/} top=${place%%/*}
    tops[$top]=~/$LED_HOME/$top
    [[ -d ~/$LED_HOME/$place ]] || missing+=(~/"$LED_HOME/$place")
  done <"$TOOL_CACHES"
  ((${#missing[@]} == 0)) || mkdir -p -- "${missing[@]}"
  ln -sfn -t /tmp -- "${tops[@]}"
}

tool-caches::_expand() { # usage: tool-caches::_expand GLOB; prints what it fits in the home; a path as it is
  local glob=$1 path
  if [[ $glob != *[*?[]* ]]; then printf '%s\n' "$glob" && return 0; fi
  # shellcheck disable=SC2231 # $glob is meant to be one
  for path in ~/$glob; do
    # The answer has a line for each path, so a name may hold no line end.
    [[ ! -e $path || $path == *$'\n'* ]] || printf '%s\n' "${path#~/}"
  done
}

tool-caches::_manifests() { # adds to manifests those that git tracks; what a build writes is output
  local file
  while IFS= read -r -d '' file; do
    # A file's name is part of a line of the answer, so it may hold no line end.
    if [[ /$file == */node_modules/* || $file == *$'\n'* || ! -f $file ]]; then continue; fi
    if [[ $file != *.json ]]; then tool-caches::_convert || continue; fi
    manifests+=("$file")
  done < <(git ls-files -z -- "${MANIFESTS[@]/#/':(glob)**/'}" 2>/dev/null)
}

tool-caches::_convert() { # sets file to the same manifest as JSON, in a directory of its own
  [[ -n $converted ]] || converted=$(mktemp -d)/
  mkdir -p "$converted$(dirname "$file")"
  manifest::json "$PWD/$file" >"$converted$file.json" || return 1
  file=$converted$file.json
}

tool-caches::_decide() { # usage: tool-caches::_decide PROJECT_ROOT MANIFEST…; prints nothing if one of them is no JSON
  local root=$1 answer
  answer=$(jq -nrf "$DECISIONS/tool-caches.jq" --arg root "${root#./}" --arg converted "$converted" --rawfile table "$TOOL_CACHES" "${@:2}" 2>/dev/null) ||
    return 1
  [[ -z $answer ]] || printf '%s\n' "$answer"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then cd /workspace && "tool-caches::$1" "${@:2}"; fi
