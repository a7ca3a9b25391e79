#!/usr/bin/env bash
# Prints what directories hold: bytes that they take on disk, bytes with the holes in files, and how many files, directories and links
# there are. A program.
#
# usage: disk-use.sh DIRECTORY…; fails if there is one that it may not read
set -Eeuo pipefail

main() {
  # A part of a file for each of its names: together that is the whole. A directory has one name.
  find "$@" -xdev -ignore_readdir_race -printf '%y %n %b %s\n' |
    awk '{ n = $1 == "d" || $2 == 0 ? 1 : $2; real += $3 * 512 / n; all += $4 / n; files += 1 / n }
      function shown(x) { return x < most ? x : most } # what bash can count with
      END { most = 9e15; printf "%.0f %.0f %.0f\n", shown(real), shown(all), shown(files) }'
}

main "$@"
