#!/usr/bin/env bash
# git's credential helper (gitcredentials(7)): answers with the user and the password of the row for an address, if there is one.
#
# usage: git-credential.sh get|store|erase <DESCRIPTION
# KOALA_REFUSALS: a file for the hosts that could not be used
set -Eeuo pipefail
# shellcheck source=credential-rows.sh
source "${BASH_SOURCE[0]%/*}/credential-rows.sh"

main() {
  local action=$1 line host path
  local -A asked=()
  [[ $action != store ]] || exit 0
  while IFS= read -r line && [[ -n $line ]]; do asked[${line%%=*}]=${line#*=}; done
  host=${asked[host]:-} path=${asked[path]:-}
  host=${host,,}
  case ${asked[protocol]:-} in
    https) host=${host%:443} ;;
    http) [[ $host =~ :[0-9]+$ ]] || host+=:80 ;;
    *) exit 0 ;;
  esac
  rows::load "$CREDENTIALS/rows"
  # git asks for the refused ones to be erased.
  if [[ $action == erase ]]; then credential::_refused refused-login
  elif rows::choose http "$host" "$path"; then
    printf 'username=%s\npassword=%s\n' "${ROW_USER[REPLY]}" "$(<"$CREDENTIALS/${ROW_SECRET[REPLY]}")"
  else credential::_refused no-login; fi
}

credential::_refused() { # usage: credential::_refused WHAT; notes it for the caller of git
  if [[ -n ${KOALA_REFUSALS:-} ]]; then printf '%s %s\n' "$1" "$host" >>"$KOALA_REFUSALS"; fi
}

main "$@"
