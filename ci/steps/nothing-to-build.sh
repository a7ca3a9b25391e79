#!/usr/bin/env bash
# Whether there is anything to build: the commit's message or the job's ignore command may say that there is not. A library of the
# steps source and install.
set -Eeuo pipefail

# As services write it, in any case. Text around it does not matter, nor in which line it stands.
readonly SKIP_WORDS='\[((skip|no)[ -](ci|koalaci)|(ci|koalaci)[ -]skip)\]'

nothing-to-build::by_message() { # usage: nothing-to-build::by_message SHA; ends the build if the message of the fetched commit asks for that
  local sha=$1
  local -a found
  [[ -n ${JOB[skip_ci]:-} ]] || return 0
  mapfile -t found < <(source::git log -1 --format=%B refs/koala/head | grep -aoiE -- "$SKIP_WORDS")
  ((${#found[@]} == 0)) ||
    fail skipped "the message of commit ${sha:0:10} has ${found[0]}" 'To build it all the same, set skip_ci to false (--no-skip-ci).'
}

nothing-to-build::by_command() { # runs the job's ignore command, and ends the build if it exits with 0
  local rc=0
  [[ ${JOB[ignore_command]:-} =~ [^[:space:]] ]] || return 0
  (nothing-to-build::_run) || rc=$?
  # What it left could change what is installed.
  lib::end_command
  case $rc in
    0) fail skipped 'the ignore command says that there is nothing to build' 'It exits with 0 for that, and with 1 for a build.' ;;
    1) ;;
    *) echo "koalaci: the ignore command ended with exit code $rc, which is not 0: there is something to build" ;;
  esac
}

nothing-to-build::_run() { # set -e does not hold here
  # Without programs of dependencies: these are not there in a clean build.
  standard-variables::add && lib::build_env && cd -- "${FACTS[project]}" || return 1
  # Without -e: how it ends is what counts.
  exec_as_build /bin/bash -c "${JOB[ignore_command]}"
}
