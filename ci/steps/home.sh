#!/usr/bin/env bash
# Removes everything from the build user's home except download caches, so that nothing else affects the next build. Or lists what
# it would remove. A program.
#
# usage: home.sh [list]; list: prints these paths, relative to the home and each ended by a NUL
set -Eeuo pipefail
# shellcheck source=tool-caches.sh
source "${BASH_SOURCE[0]%/*}/tool-caches.sh"

main() { # usage: main [list]
  local what=${1:-} path
  local -A stays=()
  local -a gone=()
  while IFS= read -r path; do
    stays[$path]=whole
    while [[ $path == */* ]]; do
      path=${path%/*}
      stays[$path]=${stays[$path]:-partly}
    done
  done < <(tool-caches::home)
  shopt -s dotglob nullglob
  home::_list_gone ''
  ((${#gone[@]})) || return 0
  if [[ $what == list ]]; then printf '%s\0' "${gone[@]#~/}" && return 0; fi
  rm -rf -- "${gone[@]}" 2>/dev/null || {
    find ~ -type d -not -perm -u=rwx -exec chmod u+rwx {} \;
    rm -rf -- "${gone[@]}"
  }
}

home::_list_gone() { # usage: home::_list_gone PREFIX; adds to gone the paths below that directory of the home that do not stay
  local path name what
  for path in ~/"$1"*; do
    name=${path#~/}
    what=${stays[$name]:-}
    if [[ -L $path || ($what == partly && ! -d $path) ]]; then what=''; fi
    case $what in
      whole) ;;
      partly) home::_list_gone "$name/" ;;
      *) gone+=("$path") ;;
    esac
  done
}

main "$@"
