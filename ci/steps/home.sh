#!/usr/bin/env bash
# Removes everything from the build user's home except download caches, so that nothing else affects the next build; and of these
# what the build command has written. Or lists what it would remove. A program.
#
# usage: home.sh settle BEGAN; BEGAN: a file whose time is when the build command began
#        home.sh list; prints the paths without caches, relative to the home and each ended by a NUL
set -Eeuo pipefail
# shellcheck source=tool-caches.sh
source "${BASH_SOURCE[0]%/*}/tool-caches.sh"

main() { # usage: main settle|list [BEGAN]
  local what=$1 began=${2:-} path
  local -A stays=()
  local -a gone=()
  [[ $what == list ]] || home::_open_up
  while IFS= read -r path; do
    stays[$path]=whole
    while [[ $path == */* ]]; do
      path=${path%/*}
      stays[$path]=${stays[$path]:-partly}
    done
  done < <(tool-caches::home)
  shopt -s dotglob nullglob
  home::_list_gone ''
  if ((${#gone[@]})); then
    if [[ $what == list ]]; then printf '%s\0' "${gone[@]#~/}"; else rm -rf -- "${gone[@]}"; fi
  fi
  [[ $what == list ]] || home::_undo_written "$began"
}

home::_open_up() { # lets the next build use all that stays, whatever this one has made of the modes
  find ~ -type d -not -perm -u=rwx -exec chmod u+rwx {} \; -o -type f -not -perm -u=rw -exec chmod u+rw {} +
}

home::_list_gone() { # usage: home::_list_gone PREFIX; adds to gone the paths below that directory of the home that do not stay
  local path name what
  for path in ~/"$1"*; do
    name=${path#~/}
    what=${stays[$name]:-}
    if [[ -L $path || ! (-d $path || -f $path) || ($what == partly && ! -d $path) ]]; then what=''; fi
    case $what in
      whole) ;;
      partly) home::_list_gone "$name/" ;;
      *) gone+=("$path") ;;
    esac
  done
}

home::_undo_written() { # usage: home::_undo_written BEGAN; undoes what the build command has written into download caches of package managers
  local began=$1 flavour cache
  local -i parts
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" parts_of_download && parts=$REPLY
    manager::call "$flavour" downloads
    while IFS= read -r cache; do
      if [[ -e ~/$cache ]]; then home::_undo_in ~/"$cache" "$began" "$parts"; fi
    done < <(for cache in "${WORDS[@]}"; do tool-caches::_expand "$cache"; done)
  done
}

home::_undo_in() { # usage: home::_undo_in CACHE BEGAN PARTS; removes the entries that have changed since; links that stand in their way, too
  local cache=$1 began=$2 entries=$1
  local -i parts=$3 n
  if ((parts == 0)); then find "$cache" -not -type d -newercm "$began" -exec rm -f -- {} + && return; fi
  for ((n = 0; n < parts; n++)); do entries+='/*'; done
  find "$cache" -mindepth 1 -newercm "$began" \( -not -type d -o -path "$entries" \) -printf '%P\0' |
    cut -z -d / -f "1-$parts" | sort -z -u | (cd -- "$cache" && xargs -0r rm -rf --)
}

main "$@"
