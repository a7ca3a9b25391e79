#!/usr/bin/env bash
# The main process of a build container: reads the job from stdin, runs the steps in order, reports on the control channel.
#
# usage: entrypoint.sh SECONDS; waits so long for a job. protocol.sh explains what it reads and writes.
set -Eeuo pipefail
umask 022

# The steps' libraries.
readonly STEPS=/koala/steps
for library in protocol lib build-user proxy cgroup manager manifest registry fetched git-words credentials history default-branch changed \
  project-file source tracked node-aliases requests node-version yarn-path manager-version detection toolchain install-watch install-key \
  install-result install-root kept-lockfile install-plain refused-scripts standard-variables nothing-to-build install lockfile build reuse-watch \
  cache-patterns tool-cache-blind tool-cache-astro tool-cache-secrets tool-cache-limit artifact disk settle keep; do
  # shellcheck source=/dev/null
  source "$STEPS/$library.sh"
done

STOPPED='' PIDS_HIT=''

main() {
  local seconds=$1 step
  protocol::open
  protocol::read_job "$seconds"
  protocol::aside build-user::set "${JOB[uid]}" || protocol::refuse "$REPLY"
  if [[ -n ${JOB[keep]:-} ]]; then keep::container "${JOB[keep]}"; fi
  protocol::aside entrypoint::prepare
  trap 'entrypoint::stop' TERM INT
  trap 'entrypoint::pids_hit' USR1
  entrypoint::step source
  protocol::await_go
  if [[ -n ${JOB[detect]:-} ]]; then
    entrypoint::detect
    return
  fi
  for step in toolchain install build; do entrypoint::step "$step"; done
  disk::begin
  entrypoint::step artifact
  entrypoint::archive
  # The runner does not wait for what follows.
  protocol::close
  settle::in_time
}

entrypoint::prepare() {
  lib::prepare
  credentials::prepare
  entrypoint::limit_files
}

entrypoint::limit_files() { # lowers the limit of open files per process: engines often allow a billion
  local -i most=65536
  if [[ $(ulimit -Hn) == unlimited ]] || (($(ulimit -Hn) > most)); then ulimit -n $most; fi
}

entrypoint::step() { # usage: entrypoint::step NAME; exits when the step fails
  local step=$1 pid watcher='' ooms rc=0
  protocol::step_started "$step"
  cgroup::oom_kills && ooms=$REPLY
  : >"$FACTS_FILE"
  if [[ $step == build ]]; then reuse-watch::start; fi
  # The log is opened anew: O_NONBLOCK, which a build may set on its descriptor, is not set on ours.
  ("step::$step") >/proc/self/fd/1 2>&1 {CONTROL}>&- {RUNNER}<&- &
  pid=$!
  if [[ $step == install || $step == build ]]; then # the project's own code runs
    cgroup::watch_pids $$ {CONTROL}>&- {RUNNER}<&- &
    watcher=$!
  fi
  entrypoint::await "$pid" || rc=$?
  if [[ $step == build ]]; then protocol::aside reuse-watch::stop; fi
  if [[ -n $watcher ]]; then
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
  fi
  [[ -z $STOPPED ]] || exit 143
  lib::load_facts
  default-branch::adopt
  project-file::adopt
  detection::adopt
  if [[ -n $watcher && -z ${FACTS[skipped]:-} ]]; then lib::end_leftovers; fi
  protocol::aside entrypoint::find_limit "$rc" "$ooms"
  entrypoint::report "$step" "$rc"
}

entrypoint::find_limit() { # usage: entrypoint::find_limit EXIT_CODE OOMS; blames the limit that a step has hit; OOMS: processes killed for memory before it
  local rc=$1 ooms=$2
  cgroup::oom_kills
  if [[ -n $PIDS_HIT ]]; then cgroup::blame_pids
  elif ((rc != 0 && REPLY > ooms)); then cgroup::blame_memory
  elif ((rc != 0)) && [[ -z ${FACTS[reason]:-} ]] && cgroup::tmp_is_full; then cgroup::blame_tmp
  fi
}

entrypoint::await() { # usage: entrypoint::await PID; waits until the process is gone: a trapped signal interrupts wait
  local pid=$1 rc
  while :; do
    rc=0
    # 2>/dev/null: without bash's message about a killed process.
    wait "$pid" 2>/dev/null || rc=$?
    kill -0 "$pid" 2>/dev/null || return "$rc"
  done
}

entrypoint::archive() { # writes the dist directory to stdout; no build process is left that could change it or write into the tar
  local rc=0
  if artifact::is_listed; then
    entrypoint::list || rc=$?
  else
    protocol::event archive_started
    protocol::aside artifact::pack "${FACTS[dist]}" 2>"$RUN/pack" || rc=$?
  fi
  protocol::event archive_ended
  protocol::aside cat "$RUN/pack"
  if ((rc != 0)); then lib::blame dist_missing 'the dist directory could not be read' 'Have the build leave files and directories in it that its user may read.'; fi
  # Nothing has been published yet.
  disk::check
  entrypoint::report artifact "$rc"
  lockfile::send
  entrypoint::look_for_found
  protocol::event finished
}

entrypoint::list() { # writes what the dist directory has to stdout, and then the contents that the runner wants
  local rc=0
  protocol::event list_started
  artifact::list "${FACTS[dist]}" || rc=$?
  protocol::event list_ended
  protocol::event archive_started
  # read goes on after a signal.
  trap 'entrypoint::stop; exit 143' TERM INT
  if ((rc == 0)); then artifact::send || rc=$?; fi
  trap 'entrypoint::stop' TERM INT
  return "$rc"
}

entrypoint::look_for_found() { # tells the runner which of the values that it has found in the archive are no secrets, since a tracked file has them
  # No step is left to be stopped, and read goes on after a signal.
  trap 'entrypoint::stop; exit 143' TERM INT
  protocol::read_found
  trap 'entrypoint::stop' TERM INT
  ((${#WORDS[@]})) || return 0
  protocol::aside tracked::which "${WORDS[@]}"
  protocol::event tracked "\"values\":[$REPLY]"
}

entrypoint::detect() { # writes what the project is to stdout, in the place of an archive; nothing of the project has run
  local rc=0
  protocol::event archive_started
  protocol::aside detection::print 2>"$RUN/detection" || rc=$?
  protocol::event archive_ended
  protocol::aside cat "$RUN/detection"
  if ((rc != 0)); then
    lib::blame source_failed 'the project could not be looked at' 'Its files may be too many. Set project_root, or the fields of the job.'
    entrypoint::report toolchain "$rc"
  fi
  protocol::event finished
}

entrypoint::report() { # usage: entrypoint::report STEP EXIT_CODE; exits when the step failed
  local step=$1 rc=$2
  local -A reasons=([source]=source_failed [toolchain]=install_failed [install]=install_failed
    [build]=build_failed [artifact]=dist_missing)
  if [[ -n ${FACTS[reason]:-} || $rc != 0 ]]; then
    if [[ $step == build && -z ${FACTS[reason]:-} ]]; then protocol::aside entrypoint::list_files; fi
    protocol::step_failed "$step" "$rc" "${FACTS[reason]:-${reasons[$step]}}"
    exit 1
  fi
  # The runner ends the step artifact, once it has published the archive.
  if [[ $step != artifact ]]; then protocol::step_succeeded "$step"; fi
}

entrypoint::list_files() { # sets FACTS[files] for the runner: a name in the last words of a build may differ from a file's by case only
  # Root's own list, not that of the project's .git. No path has "//" in it. Of a longer list the beginning will do.
  FACTS['files']=$(source::git ls-tree -r -z --name-only refs/koala/head 2>/dev/null | head -c 262144 | sed 's|\x00|//|g') || true
}

entrypoint::stop() { # the runner stops the build: sends TERM to every process; the engine later kills those that ignore it
  STOPPED=1
  kill -TERM -- -1 2>/dev/null || true
}

entrypoint::pids_hit() { # uses only builtins: at the limit of processes, nothing can be started
  PIDS_HIT=1
  kill -KILL -- -1 2>/dev/null || true
}

main "$@"
