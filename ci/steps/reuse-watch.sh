#!/usr/bin/env bash
# Watches whether a build looks at what its result is not known to depend on: git's data, other packages of a monorepo, dependencies of
# these. From that the runner knows for which later jobs the result will do (src/reuse). A library of the entrypoint.
set -Eeuo pipefail

# It is there while a job is watched.
readonly REUSE_MARKS=$RUN/reuse-marks
# Variables with what differs from job to job. Nobody sees who reads one, but it has to be named for that.
readonly REUSE_VARIABLES='KOALACI_[A-Z]*'
# Of what an install has read; with more, all of each package counts.
readonly REUSE_MOST_PLACES=200
declare REUSE_WATCHED='' REUSE_NAMED='' PACKAGE=''

reuse-watch::start() { # before the build step; returns when it sees everything
  local ready=''
  [[ -n ${JOB[watch]:-} ]] || return 0
  protocol::aside reuse-watch::_mark
  # Not aside itself: bash would close what it opens.
  exec {REUSE_WATCHED}< <(reuse-watch::_see {CONTROL}>&- {RUNNER}<&-)
  reuse-watch::_name {CONTROL}>&- {RUNNER}<&- &
  REUSE_NAMED=$!
  IFS= read -r -u "$REUSE_WATCHED" ready || true
  [[ $ready == ready ]] || REUSE_WATCHED=''
}

reuse-watch::_mark() {
  mkdir -p "$REUSE_MARKS"
  # A build must not end the watch.
  (umask 077 && : >"$REUSE_MARKS/begin" && : >"$REUSE_MARKS/stop")
}

reuse-watch::begin() { # from here on, it is the build that looks at something; for the step itself
  if [[ -n ${JOB[watch]:-} ]]; then : <"$REUSE_MARKS/begin"; fi
}

reuse-watch::_see() { reuse-watch::_places | exec python3 -I /koala/steps/reuse-watch.py "$WORKSPACE" "$REUSE_MARKS" 2>/dev/null; }

reuse-watch::_name() { # lists such variables that the project's files name; in root's store, of which no watch hears
  source::git grep --text --no-filename --only-matching --extended-regexp "$REUSE_VARIABLES" refs/koala/head >"$REUSE_MARKS/named" 2>/dev/null || true
}

reuse-watch::stop() { # after it; sets FACTS[reads], which are lines: what the build has looked at beside what it is known to depend on
  local line reads=''
  [[ -n ${JOB[watch]:-} ]] || return 0
  : <"$REUSE_MARKS/stop"
  # Without its answer, everything may have been read.
  [[ -n $REUSE_WATCHED ]] || reads=$'all\n'
  if [[ -n $REUSE_WATCHED ]]; then
    while IFS= read -r -d '' line && [[ $line != 'done' ]]; do reads+=$line$'\n'; done <&"$REUSE_WATCHED"
    [[ ${line:-} == 'done' ]] || reads=$'all\n'
  fi
  wait "$REUSE_NAMED" || true
  reads+=$({ grep -oE "$REUSE_VARIABLES" <<<"${JOB[command]}" || true; } | sort -u - "$REUSE_MARKS/named" | sed 's/^/variable /')$'\n'
  # Nobody has looked into these.
  if [[ -e $WORKSPACE/.gitmodules ]]; then reads+=$'variable of a submodule\n'; fi
  reads+=$(reuse-watch::_by_install)
  # shellcheck disable=SC2034 # the report has it
  FACTS[reads]=${reads:-none}
}

reuse-watch::_places() { # prints what to watch: paths that the runner has found, relative to the workspace
  printf 'tree .git\0'
  [[ -n ${JOB[related]:-} ]] || return 0
  printf 'top .\0'
  reuse-watch::_each own "${JOB[related]}"
  reuse-watch::_each package "${JOB[unrelated]:-}"
  reuse-watch::_each parent "${JOB[parents]:-}"
  reuse-watch::_each directory "${JOB[foreign]:-}"
  reuse-watch::_each directory "${JOB[foreign]//node_modules\//node_modules/.pnpm/node_modules/}"
}

reuse-watch::_each() { # usage: … KIND PATHS; PATHS: lines
  local path
  while IFS= read -r path; do [[ -z $path ]] || printf '%s %s\0' "$1" "$path"; done <<<"$2"
}

reuse-watch::_by_install() { # prints the same of the install scripts that made what is installed, as install-watch.sh has seen them
  local line path
  local -a places=() packages=()
  [[ -f $STATE/reads ]] || return 0
  while IFS= read -r -d '' line; do
    path=${line#* }
    case $line in
      tree) printf 'all\n' ;;
      [FD]' .git' | [FD]' .git/'*) printf 'tree .git\n' ;;
      [FD]' '*) if reuse-watch::_place_of "${line:0:1}" "$path"; then places+=("$REPLY") packages+=("${PACKAGE:-$REPLY}"); fi ;;
    esac
  done <"$STATE/reads"
  if ((${#places[@]} > REUSE_MOST_PLACES)); then places=("${packages[@]}"); fi
  if ((${#places[@]})); then printf '%s\n' "${places[@]}" | sort -u; fi
}

reuse-watch::_place_of() { # usage: … F|D PATH; sets REPLY to what reuse-watch.py calls a file or directory that was opened, PACKAGE to all of its package; fails if that is known anyway
  local -r kind=$1 path=$2
  PACKAGE=''
  if reuse-watch::_package_of "$path"; then
    PACKAGE="package $REPLY" REPLY="file $path"
    if [[ $kind == D ]]; then REPLY="listing $path"; fi
    if [[ $path == *$'\n'* ]]; then REPLY=$PACKAGE; fi
    return 0
  fi
  REPLY="parent $path"
  [[ $kind == D && $'\n'${JOB[parents]:-}$'\n' == *$'\n'"$path"$'\n'* ]]
}

reuse-watch::_package_of() { # usage: … PATH; sets REPLY to the unrelated package that it is in; fails if there is none
  local package
  local -a packages
  mapfile -t packages <<<"${JOB[unrelated]:-}"
  for package in "${packages[@]}"; do
    if [[ -n $package && $1/ == "$package"/* ]]; then REPLY=$package && return 0; fi
  done
  return 1
}
