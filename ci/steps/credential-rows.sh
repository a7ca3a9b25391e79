#!/usr/bin/env bash
# The credentials that git may use now: reads their rows, and chooses one for an address; a library.
#
# A row is for a host and the start of a path. The secret of each is in a file of its own, beside the list of rows.
# shellcheck disable=SC2034 # the files that source this one use its variables
set -Eeuo pipefail

# In a file system in memory, where only root can write. The build user has a copy while its command needs it.
if [[ -n ${KOALA_CREDENTIALS:-} ]]; then CREDENTIALS=$KOALA_CREDENTIALS # of tree-reader.sh
elif ((EUID == 0)); then CREDENTIALS=/run/koala/credentials; else CREDENTIALS=/run/koala/given; fi
readonly CREDENTIALS
# Between the fields of a row. Not white space: read would take two of it as one.
readonly FIELDS=$'\x1f'

declare -a ROW_FORM=() ROW_SCHEME=() ROW_HOST=() ROW_PATH=() ROW_USER=() ROW_SECRET=()

rows::add() { # usage: rows::add FORM SCHEME HOST PATH USER FILE; FILE: the name of the file with its secret
  ROW_FORM+=("$1") ROW_SCHEME+=("$2") ROW_HOST+=("$3") ROW_PATH+=("$4") ROW_USER+=("$5") ROW_SECRET+=("$6")
}

rows::load() { # usage: rows::load FILE; reads what rows::print has written
  local file=$1
  local -a fields
  [[ -f $file ]] || return 0
  while IFS=$FIELDS read -r -a fields; do
    rows::add "${fields[0]}" "${fields[1]}" "${fields[2]}" "${fields[3]:-}" "${fields[4]:-}" "${fields[5]:-}"
  done <"$file"
}

rows::print() { # usage: rows::print INDEX…
  local i
  for i in "$@"; do
    printf '%s\n' "${ROW_FORM[i]}$FIELDS${ROW_SCHEME[i]}$FIELDS${ROW_HOST[i]}$FIELDS${ROW_PATH[i]}$FIELDS${ROW_USER[i]}$FIELDS${ROW_SECRET[i]}"
  done
}

rows::choose() { # usage: rows::choose FORM HOST PATH; sets REPLY to the row of that form with the longest path; fails if there is none
  local form=$1 host=$2 path=$3 i length=-1
  REPLY=''
  rows::_trim "$path" && path=$REPLY && REPLY=''
  for i in "${!ROW_HOST[@]}"; do
    [[ ${ROW_FORM[i]} == "$form" && ${ROW_HOST[i]} == "$host" ]] || continue
    if rows::covers "$i" "$path" && ((${#ROW_PATH[i]} > length)); then REPLY=$i length=${#ROW_PATH[i]}; fi
  done
  [[ -n $REPLY ]]
}

rows::covers() { # usage: rows::covers INDEX PATH; whether a row is for that path
  local wanted=${ROW_PATH[$1]} path=$2
  [[ -z $wanted || $path == "$wanted" || $path == "$wanted"/* || $path == "$wanted".git || $path == "$wanted".git/* ]]
}

rows::_trim() { # usage: rows::_trim PATH; sets REPLY to it without slashes at its start and ends
  REPLY=$1
  while [[ $REPLY == /* ]]; do REPLY=${REPLY#/}; done
  while [[ $REPLY == */ ]]; do REPLY=${REPLY%/}; done
  REPLY=${REPLY#\~/}
}

rows::name() { # usage: rows::name HOST; sets REPLY to the host without its port
  REPLY=$1
  if [[ $REPLY =~ ^(.*):[0-9]+$ ]]; then REPLY=${BASH_REMATCH[1]}; fi
}
