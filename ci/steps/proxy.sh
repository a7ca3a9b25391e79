#!/usr/bin/env bash
# The operator's proxies, through which git, curl, Node and the package managers go in every step; a library.
#
# They come with the job, since a waiting container may be older than the operator's settings, and an address may hold a password.
set -Eeuo pipefail

readonly -a PROXY_NAMES=(http_proxy https_proxy no_proxy all_proxy)
# Both cases, as tools differ in which they read: curl and git take http_proxy only in lower case. yarn berry has variables of
# its own.
declare -a PROXY_ENV=()
# Those that are not used, as their address is the container's own here.
OWN_PROXIES=''

proxy::prepare() { # sets PROXY_ENV, for root's tools too
  local name value
  for name in "${PROXY_NAMES[@]}"; do
    value=${JOB[$name]:-}
    unset "$name" "${name^^}"
    if [[ $name != no_proxy && $value =~ ^([a-z0-9]+://)?([^@/]*@)?(localhost|127\.[0-9.]+|\[::1\])(:|/|$) ]]; then
      OWN_PROXIES+="${OWN_PROXIES:+ and }$name"
      unset "JOB[$name]"
      value=''
    fi
    [[ -n $value ]] || continue
    PROXY_ENV+=("$name=$value" "${name^^}=$value")
  done
  ((${#PROXY_ENV[@]})) || return 0
  export "${PROXY_ENV[@]}"
  [[ -z ${JOB[http_proxy]:-} ]] || PROXY_ENV+=("YARN_HTTP_PROXY=${JOB[http_proxy]}")
  [[ -z ${JOB[https_proxy]:-} ]] || PROXY_ENV+=("YARN_HTTPS_PROXY=${JOB[https_proxy]}")
}

proxy::for_build() { # adds to BUILD_ENV the proxies that the job's env does not name, in either case
  local pair name given=' '
  local -a proxies=("${PROXY_ENV[@]}")
  ((${#proxies[@]})) || return 0
  # Node reads them if it is told to, and would warn in each process that this is new.
  if proxy::_known_to_node "${FACTS[node]}"; then proxies+=(NODE_USE_ENV_PROXY=1 NODE_OPTIONS=--disable-warning=UNDICI-EHPA); fi
  for pair in "${JOB_ENV[@]}"; do name=${pair%%=*} given+="${name,,} "; done
  for pair in "${proxies[@]}"; do
    name=${pair%%=*} name=${name,,}
    if [[ $given != *" ${name#yarn_} "* && $given != *" $name "* ]]; then BUILD_ENV+=("$pair"); fi
  done
}

proxy::_known_to_node() { # usage: … VERSION; since 22.21, and 24
  local -i major=${1%%.*} minor
  local rest=${1#*.}
  minor=${rest%%.*}
  ((major >= 24 || (major == 22 && minor >= 21)))
}

proxy::secrets() { # prints the passwords in the addresses (a user name alone may be a token), each ended by a NUL
  local name user
  for name in http_proxy https_proxy all_proxy; do
    user=${JOB[$name]:-}
    [[ $user == *@* ]] || continue
    user=${user%@*} user=${user#*://}
    printf '%s\0' "${user#*:}"
  done
}

proxy::tell_own() {
  [[ -z $OWN_PROXIES ]] || echo "koalaci: $OWN_PROXIES: not used, as localhost is the container itself in a build; give another address of the machine"
}

proxy::explain() { # usage: proxy::explain FILE; sets MESSAGE, REMEDY and FAULT if git, whose words FILE has, failed on the way through a proxy
  local said=$1 name
  # shellcheck disable=SC2034 # the caller uses all
  FAULT=operator REMEDY='Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY where koalaci runs, or in the configuration of docker.'
  for name in http_proxy https_proxy all_proxy; do
    # Not the password.
    [[ -z ${JOB[$name]:-} ]] || echo "koalaci: $name is ${JOB[$name]/#*@/…@}"
  done
  if grep -aqiE '^(fatal|error): .*(could not resolve proxy|proxy connect aborted|connect tunnel failed|from proxy after connect|error: 407\b)' "$said"; then
    MESSAGE='the proxy refuses access, or cannot be reached'
  elif ((${#PROXY_ENV[@]})) && grep -aqiE "^(fatal|error): .*(failed to connect|couldn't connect|connection (refused|timed out|reset))" "$said"; then
    # shellcheck disable=SC2034
    MESSAGE='the repository cannot be reached through the proxy'
  else return 1; fi
}
