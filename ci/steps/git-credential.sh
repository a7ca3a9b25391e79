#!/usr/bin/env bash
# git's credential helper (gitcredentials(7)): answers with the user and the password of the row for an address, if there is one.
#
# usage: git-credential.sh get|store|erase <DESCRIPTION
set -Eeuo pipefail
# shellcheck source=credential-rows.sh
source "${BASH_SOURCE[0]%/*}/credential-rows.sh"

main() {
  local line host path
  local -A asked=()
  [[ $1 == get ]] || exit 0
  while IFS= read -r line && [[ -n $line ]]; do asked[${line%%=*}]=${line#*=}; done
  host=${asked[host]:-} path=${asked[path]:-}
  host=${host,,}
  case ${asked[protocol]:-} in
    https) host=${host%:443} ;;
    http) [[ $host =~ :[0-9]+$ ]] || host+=:80 ;;
    *) exit 0 ;;
  esac
  rows::load "$CREDENTIALS/rows"
  rows::choose http "$host" "$path" || exit 0
  printf 'username=%s\npassword=%s\n' "${ROW_USER[REPLY]}" "$(<"$CREDENTIALS/${ROW_SECRET[REPLY]}")"
}

main "$@"
