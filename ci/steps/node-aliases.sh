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
  local word=$1 file name version
  for file in "${@:2}"; do
    while read -r name version; do
      if [[ $name == "$word" && $name != '#' ]]; then REPLY=$version && return 0; fi
    done <"$file"
  done
  REPLY=$word
}
