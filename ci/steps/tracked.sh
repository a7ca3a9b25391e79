#!/usr/bin/env bash
# Which values stand in the files of the commit; a library.
set -Eeuo pipefail

tracked::which() { # usage: tracked::which VALUE…; sets REPLY: which of these stand in a file of the commit, as numbers from 0 with commas between them
  local value found=''
  local -i at=0
  for value in "$@"; do
    # No command line holds it.
    if source::git grep --quiet --text --fixed-strings -f <(printf '%s\n' "$value") refs/koala/head; then found+=,$at; fi
    at+=1
  done
  REPLY=${found#,}
}
