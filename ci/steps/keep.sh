#!/usr/bin/env bash
# After a build that failed, in its container, which was started again: takes the job's secrets out of what the build left, and keeps
# the container for who wants to look into it (debug.sh); a library.
#
# What was in memory is gone with the build: its processes, /tmp, /run. This process knows the secrets to look for them, and becomes
# another one before anybody may come in.
set -Eeuo pipefail

# Root's: the environment of a debugger's commands; the project's directory; the files that were left out.
readonly DEBUG_ENV=$RUN/debug-env DEBUG_PROJECT=$RUN/debug-project LEFT_OUT=$RUN/left-out

keep::container() { # usage: keep::container SECONDS; does not return
  local seconds=$1
  protocol::aside lib::prepare
  protocol::aside keep::_leave_out
  protocol::aside keep::_environment
  protocol::event kept
  protocol::close
  exec env -i "PATH=$BASE_PATH" "$STEPS/kept.sh" "$seconds" "${JOB[disk_limit]:-0}" "${JOB[inode_limit]:-0}" >/dev/null 2>&1
}

keep::_leave_out() { # removes the files that hold a secret, and caches: what a tool has compressed is not found
  local -a places=("$WORKSPACE" /home/build) files=(.npmrc .yarnrc .yarnrc.yml .bunfig.toml .netrc .git-credentials .config/git/credentials
    .docker/config.json .config/gh .config/pnpm/rc .ssh .aws .bash_history)
  : >"$LEFT_OUT"
  run_as_build rm -rf -- "${files[@]/#//home/build/}"
  [[ -n ${JOB_ENV[*]}${PROXY_ENV[*]} ]] || ((${#CREDENTIAL_PAIRS[@]})) || return 0
  if [[ -d /var/tmp ]]; then places+=(/var/tmp); fi
  if [[ -f $CACHE_PATTERNS ]]; then cache-patterns::paths && cache-patterns::drop "${WORDS[@]}"; fi
  keep::_forget_tracked
  # In a directory that hides its content, too.
  run_as_build find "${places[@]}" -xdev -type d -not -perm -u=rwx -exec chmod u+rwx {} \; 2>/dev/null || true
  # First, and untold: a name with a secret is none to be shown.
  keep::_named "${places[@]}" | run_as_build xargs -0r rm -rf --
  tool-caches::search 1 "${places[@]}" >"$LEFT_OUT"
  run_as_build xargs -0r rm -f -- <"$LEFT_OUT"
}

keep::_named() { # usage: keep::_named PATH…; prints what has a secret in its own name, or in where it leads, each ended by a NUL
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build env LC_ALL=C bash -c 'set -eu; mapfile -t forms <&3
    while IFS= read -r -d "" name && IFS= read -r -d "" target && IFS= read -r -d "" path; do
      for form in "${forms[@]}"; do
        if [[ $name == *"$form"* || $target == *"$form"* ]]; then printf "%s\0" "$path"; break; fi
      done
    done < <(find "$@" -xdev -mindepth 1 -printf "%f\0%l\0%p\0")' bash "$@" 3< <(tool-caches::_forms)
}

keep::_forget_tracked() { # leaves the variables whose values the repository has: they are no secrets, and would take its files away
  local at pair
  local -a values=() found=()
  for pair in "${JOB_ENV[@]}"; do
    pair=${pair#*=}
    # Of several lines, each one would have to be there.
    if [[ -z $pair || $pair == *$'\n'* ]]; then pair=$RANDOM-none-$RANDOM; fi
    values+=("$pair")
  done
  ((${#values[@]})) && [[ -f $STORE/refs/koala/head ]] || return 0
  tracked::which "${values[@]}"
  IFS=, read -ra found <<<"$REPLY"
  for at in "${found[@]}"; do unset "JOB_ENV[$at]"; done
}

keep::_environment() { # writes what debug.sh gives: a build's environment, without the job's own variables, and passwords of proxies
  local pair project=$WORKSPACE/${JOB[root]}
  local -a said=() proxies=()
  JOB_ENV=()
  for pair in "${PROXY_ENV[@]}"; do
    if [[ $pair != *@* ]]; then proxies+=("$pair"); fi
  done
  PROXY_ENV=("${proxies[@]}")
  if [[ -f $STATE/toolchain ]]; then mapfile -d '' -t said <"$STATE/toolchain"; fi
  for pair in "${said[@]:1}"; do FACTS[${pair%%=*}]=${pair#*=}; done
  project=$(run_as_build realpath -qe -- "$project") || project=''
  if [[ $project/ != "$WORKSPACE"/* ]]; then project=$WORKSPACE; fi
  if [[ -n ${FACTS[path]:-} && -n ${FACTS[node]:-} ]]; then lib::build_env "$project"; fi
  BUILD_ENV+=("KOALACI_DEPLOYMENT=${JOB[deployment]}" "KOALACI_PROJECT=${JOB[project]}")
  (umask 077 && printf '%s\0' "${BUILD_ENV[@]}" >"$DEBUG_ENV")
  printf '%s' "$project" >"$DEBUG_PROJECT"
}
