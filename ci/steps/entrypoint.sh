#!/usr/bin/env bash
# The main process of a build container: reads the job from stdin, runs the steps in order, reports on the control channel.
#
# usage: entrypoint.sh SECONDS; so long it waits for a job
# stdin   name=value pairs, each ended by a NUL, a job's own environment as env.NAME=value; an empty pair;
#         the certificate authorities to trust besides the image's; later "go" and a NUL
# stdout  the build log: stdout and stderr of the steps, with a marker line where an event happened; then the dist
#         directory as a tar, between two markers
# stderr  the control channel: one JSON object a line, written here and nowhere else
set -Eeuo pipefail
umask 022

# The steps' libraries.
readonly STEPS=/koala/steps
for library in lib cgroup registry source toolchain install reuse build artifact; do
  # shellcheck source=/dev/null
  source "$STEPS/$library.sh"
done

declare -i EVENTS=0
STOPPED='' PIDS_HIT=''

main() {
  local seconds=$1 step
  # From here on nobody else holds the control channel: what the steps print on stderr belongs to the log.
  exec {CONTROL}>&2 2>&1
  # Build code may open /dev/stdout by name, as many scripts do.
  chmod a+w /proc/self/fd/1
  entrypoint::read_job "$seconds"
  lib::prepare
  entrypoint::limit_files
  trap 'entrypoint::stop' TERM INT
  trap 'entrypoint::pids_hit' USR1
  entrypoint::step source
  entrypoint::await_go
  for step in toolchain install build artifact; do entrypoint::step "$step"; done
  entrypoint::archive
  # The runner does not wait for what follows.
  artifact::clear
}

entrypoint::read_job() { # usage: entrypoint::read_job SECONDS; exits when no job comes
  local seconds=$1 pair
  IFS= read -r -d '' -t "$seconds" pair || exit 0
  while [[ -n $pair ]]; do
    case $pair in
      env.*) JOB_ENV+=("${pair#env.}") ;;
      *) JOB[${pair%%=*}]=${pair#*=} ;;
    esac
    IFS= read -r -d '' pair || exit 1 # the runner has changed its mind
  done
  # Not read into a variable: from a pipe the shell reads byte by byte, and a bundle has some hundred thousand.
  head -c "${JOB[ca_bytes]}" >"$EXTRA_CA"
  exec {RUNNER}<&0 </dev/null
}

entrypoint::await_go() { # what came so far changed nothing anywhere; from here on the job has to be this runner's
  local word
  IFS= read -r -d '' -u "$RUNNER" word && [[ $word == go ]] || exit 1
}

entrypoint::limit_files() { # at most so many open files for each process; engines often set a billion
  local -i most=65536
  if [[ $(ulimit -Hn) == unlimited ]] || (($(ulimit -Hn) > most)); then ulimit -n $most; fi
}

entrypoint::step() { # usage: entrypoint::step NAME; exits when the step fails
  local step=$1 pid watcher='' ooms rc=0
  entrypoint::control "\"event\":\"step_started\",\"step\":\"$step\""
  cgroup::oom_kills && ooms=$REPLY
  : >"$FACTS_FILE"
  ("step::$step") {CONTROL}>&- {RUNNER}<&- &
  pid=$!
  if [[ $step == install || $step == build ]]; then # the project's own code runs
    cgroup::watch_pids $$ {CONTROL}>&- {RUNNER}<&- &
    watcher=$!
  fi
  entrypoint::await "$pid" || rc=$?
  if [[ -n $watcher ]]; then
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
  fi
  [[ -z $STOPPED ]] || exit 143
  lib::load_facts
  if [[ -n $watcher && -z ${FACTS[skipped]:-} ]]; then lib::end_leftovers; fi
  cgroup::oom_kills
  if [[ -n $PIDS_HIT ]]; then cgroup::blame_pids
  elif ((rc != 0 && REPLY > ooms)); then cgroup::blame_memory
  fi
  entrypoint::report "$step" "$rc"
}

entrypoint::await() { # usage: entrypoint::await PID; a trapped signal interrupts wait, so it waits until the process is gone
  local pid=$1 rc
  while :; do
    rc=0
    # Without the shell's own notice of a process that was killed.
    wait "$pid" 2>/dev/null || rc=$?
    kill -0 "$pid" 2>/dev/null || return "$rc"
  done
}

entrypoint::archive() { # the dist directory, where no process of the build is left that could change it or write between
  local rc=0
  entrypoint::control '"event":"archive_started"'
  artifact::pack "${FACTS[dist]}" 2>"$RUN/pack" {CONTROL}>&- || rc=$?
  entrypoint::control '"event":"archive_ended"'
  cat "$RUN/pack"
  if ((rc != 0)); then
    lib::blame dist_missing 'the dist directory could not be read' 'The lines above say why.'
    entrypoint::report artifact "$rc"
  fi
  entrypoint::control '"event":"finished"'
}

entrypoint::report() { # usage: entrypoint::report STEP EXIT_CODE; exits when the step failed
  local step=$1 rc=$2 name facts='' fields=''
  local -A reasons=([source]=source_failed [toolchain]=install_failed [install]=install_failed
    [build]=build_failed [artifact]=dist_missing)
  for name in commit commit_time node manager manager_version note; do
    [[ -n ${FACTS[$name]:-} ]] || continue
    json::string "${FACTS[$name]}"
    facts+=",\"$name\":$REPLY"
  done
  if [[ -n ${FACTS[reason]:-} || $rc != 0 ]]; then
    fields+=",\"ok\":false,\"reason\":\"${FACTS[reason]:-${reasons[$step]}}\""
    for name in message remedy; do
      [[ -n ${FACTS[$name]:-} ]] || continue
      json::string "${FACTS[$name]}"
      fields+=",\"$name\":$REPLY"
    done
    [[ -n ${FACTS[message]:-} ]] || fields+=",\"exit_code\":$rc"
    entrypoint::control "\"event\":\"step_ended\",\"step\":\"$step\"$fields,\"facts\":{${facts#,}}"
    exit 1
  fi
  # The artifact step ends where the archive is put in its place.
  [[ $step != artifact ]] || return 0
  [[ -z ${FACTS[skipped]:-} ]] || fields+=',"skipped":true'
  entrypoint::control "\"event\":\"step_ended\",\"step\":\"$step\",\"ok\":true$fields,\"facts\":{${facts#,}}"
}

entrypoint::control() { # usage: entrypoint::control FIELDS; the event first, then its marker in the log
  EVENTS+=1
  printf '{"n":%d,%s}\n' "$EVENTS" "$1" >&"$CONTROL"
  printf '\x1e%s %d\n' "${JOB[nonce]}" "$EVENTS"
}

entrypoint::stop() { # the runner ends the build: everything gets TERM; what ignores it gets the engine's KILL
  STOPPED=1
  kill -TERM -- -1 2>/dev/null || true
}

entrypoint::pids_hit() { # only builtins here: no process can be started any more
  PIDS_HIT=1
  kill -KILL -- -1 2>/dev/null || true
}

main "$@"
