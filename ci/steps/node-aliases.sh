#!/usr/bin/env bash
# Names for versions of Node, such as lts/jod; a library: sourcing it does nothing.
#
# The Dockerfile stores the names of the Nodes in the image; the step toolchain looks names up.
set -Eeuo pipefail

node-aliases::read_installed() { # usage: node-aliases::read_installed DIRECTORY…; prints "VERSION LTS_NAME" for each, without a name if it is not an LTS version
  local directory
  for directory in "$@"; do
    printf '%s %s\n' "${directory##*/}" "$("$directory/bin/node" -p 'process.release.lts ?? ""')"
  done
}

node-aliases::derive() { # reads such lines, prints "NAME MAJOR"; the newest LTS line is also called lts/* and lts
  local version name major newest=0
  while read -r version name; do
    [[ -n $name ]] || continue
    major=${version%%.*}
    ((major <= newest)) || newest=$major
    printf '%s %s\n' "lts/${name,,}" "$major"
  done
  ((newest == 0)) || printf '%s %s\n' 'lts/*' "$newest" lts "$newest"
}

node-aliases::resolve() { # usage: node-aliases::resolve WORD FILE…; sets REPLY to what the word stands for, or else to the word itself
  local word=${1,,}
  # As nvm, fnm, asdf and mise spell them: node-v20.1.0, latest:20, lts-jod.
  if [[ $word =~ ^(node|nodejs|latest|prefix)[-@/:]?v?([0-9].*)$ ]]; then REPLY=${BASH_REMATCH[2]} && return 0; fi
  case $word in lts-latest | lts/latest) word='lts/*' ;; lts-*) word=lts/${word#lts-} ;; esac
  if [[ $word =~ ^lts/-([0-9]+)$ ]] && node-aliases::_lookup 'lts/*' "${@:2}"; then
    # Every second major becomes an LTS line.
    REPLY=$((REPLY - 2 * BASH_REMATCH[1])) && return 0
  fi
  node-aliases::_lookup "$word" "${@:2}" || REPLY=$1
}

node-aliases::_lookup() { # usage: node-aliases::_lookup WORD FILE…; sets REPLY
  local file name version
  for file in "${@:2}"; do
    while read -r name version; do
      if [[ $name == "$1" && $name != '#' ]]; then REPLY=$version && return 0; fi
    done <"$file"
  done
  return 1
}
