#!/usr/bin/env bash
# git's ssh: adds the key of the row for the host and the repository, and the host keys that are known.
#
# usage: git-ssh.sh [OPTION…] [USER@]HOST COMMAND, as git and git-lfs call ssh
# KOALA_NEW_HOSTS: a file for the keys of hosts that are met for the first time; without it, an unknown host is refused where
# a key of ours would be used. KOALA_REFUSALS: a file for the hosts that could not be used. KOALA_ONLY_KEYS: do not try a host without
# a key.
set -Eeuo pipefail
# shellcheck source=credential-rows.sh
source "${BASH_SOURCE[0]%/*}/credential-rows.sh"

main() {
  local host path what=refused-key rc=0
  local -a arguments=("$@") options=(-o BatchMode=yes -o ConnectTimeout=20 -o HashKnownHosts=no)
  ssh::_destination "$@"
  rows::load "$CREDENTIALS/rows"
  if rows::choose ssh "$host" "$path"; then
    # -F none: a configuration file of the build has no say in where our key goes.
    options+=(-F none -i "$CREDENTIALS/${ROW_SECRET[REPLY]}" -o IdentitiesOnly=yes)
    if [[ -n ${KOALA_NEW_HOSTS:-} ]]; then
      # ssh writes into the first file.
      options+=(-o "UserKnownHostsFile=$KOALA_NEW_HOSTS $CREDENTIALS/known_hosts" -o StrictHostKeyChecking=accept-new)
    else
      options+=(-o "UserKnownHostsFile=$CREDENTIALS/known_hosts" -o StrictHostKeyChecking=yes)
    fi
  else
    what=no-key
    if [[ -n ${KOALA_ONLY_KEYS:-} ]]; then
      echo "koalaci: no ssh key was given for $host" >&2
      exit 255
    fi
    # It may have a key of its own.
    options+=(-o "UserKnownHostsFile=/tmp/known_hosts ~/.ssh/known_hosts" -o StrictHostKeyChecking=accept-new)
  fi
  [[ -n ${KOALA_REFUSALS:-} ]] || exec ssh "${options[@]}" "${arguments[@]}"
  # shellcheck disable=SC2029 # git has quoted its command for the server
  ssh "${options[@]}" "${arguments[@]}" || rc=$?
  # Its own failure; else the exit code is the server's.
  if ((rc == 255)); then printf '%s %s\n' "$what" "$host" >>"$KOALA_REFUSALS"; fi
  exit "$rc"
}

ssh::_destination() { # usage: ssh::_destination ARGUMENT…; sets host and path of the caller
  local port=''
  while (($#)); do
    case $1 in
      --) shift && break ;;
      -p) port=$2 && shift 2 ;;
      -p*) port=${1#-p} && shift ;;
      # The options of ssh(1) that take an argument, if that is not attached.
      -[BbcDEeFIiJLlmOoQRSWw]) shift 2 ;;
      -*) shift ;;
      *) break ;;
    esac
  done
  host=${1##*@}
  host=${host,,}
  if [[ $host == *:* && $host != \[* ]]; then host="[$host]"; fi # as addresses write IPv6
  if [[ -n $port && $port != 22 ]]; then host+=:$port; fi
  # git-upload-pack '/org/site.git'; git-lfs-authenticate org/site.git download
  path=${*:2}
  path=${path#* }
  if [[ $path == \'* ]]; then path=${path#\'} && path=${path%%\'*}; else path=${path%% *}; fi
}

main "$@"
