#!/usr/bin/env bash
# Keeps the job's secrets out of the snapshot: removes each cache in which this build has left one; a library.
#
# Nobody can tell which of a tool's files belong together, so the whole cache goes. What a tool has compressed or encrypted is not
# found.
set -Eeuo pipefail

# The caches that were removed, for the log of the next build: this build's has ended.
readonly DROPPED_CACHES=$STATE/dropped-caches

tool-caches::drop_secret() { # once no process of the build is left
  local file cache since
  local -a caches
  local -A holding=()
  rm -f "$DROPPED_CACHES"
  [[ -n ${JOB_ENV[*]}${PROXY_ENV[*]} ]] || ((${#CREDENTIAL_PAIRS[@]})) || return 0
  cache-patterns::paths home
  caches=("${WORDS[@]}")
  ((${#caches[@]})) || return 0
  # Only what has changed since the job came: what was there before has been searched. A file's ctime cannot be set.
  since=$(stat -c %Y "$EXTRA_CA")
  # A search that fails leaves no snapshot.
  tool-caches::search "$since" "${caches[@]}" >"$RUN/holding"
  while IFS= read -r -d '' file; do
    for cache in "${caches[@]}"; do
      if [[ $file == "$cache" || $file == "$cache"/* ]]; then holding[$cache]=1; fi
    done
  done <"$RUN/holding"
  ((${#holding[@]})) || return 0
  cache-patterns::drop "${!holding[@]}"
  printf '%s\0' "${!holding[@]}" >"$DROPPED_CACHES"
}

tool-caches::tell_dropped() { # says in the log what drop_secret has removed after the last build
  local path
  [[ -f $DROPPED_CACHES ]] || return 0
  while IFS= read -r -d '' path; do
    echo "koalaci: ${path#"$WORKSPACE"/} was not kept after the last build, because it held a value of the job's env"
  done <"$DROPPED_CACHES"
  rm -f "$DROPPED_CACHES"
}

tool-caches::holds_secret() { # usage: tool-caches::holds_secret FILE; root's
  tool-caches::_forms | LC_ALL=C grep -qFf - -- "$1"
}

tool-caches::search() { # usage: tool-caches::search SINCE PATH…; prints the files that have changed since then and hold a secret, each ended by a NUL
  # No command line and no file that outlives this holds a secret: /tmp is in memory.
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build bash -c 'set -eu; umask 077; forms=$(mktemp /tmp/forms.XXXXXX); trap "rm -f $forms" EXIT; cat <&3 >"$forms"
    [[ -s $forms ]] || exit 0
    find "${@:2}" -type f -not -perm -u=r -exec chmod u+r {} + || true
    find "${@:2}" -type f -newerct "$1" -print0 | LC_ALL=C xargs -0r grep -lZFf "$forms" -- || (($? == 123))' \
    bash "@$(($1 - 1))" "${@:2}" 3< <(tool-caches::_forms)
}

tool-caches::_forms() { # prints what a secret looks like in a file, one per line
  local pair
  {
    for pair in "${JOB_ENV[@]}"; do printf '%s\0' "${pair#*=}"; done
    credentials::secrets
    proxy::secrets
  } | jq -Rrsf "$DECISIONS/secret-forms.jq"
}
