#!/usr/bin/env bash
# The protocol between the runner and this container: the container's side; a library.
#
# The runner's side is src/sandbox/protocol.ts. What the other side would not understand any more gets a new version: here,
# there, and in the label koalaci.protocol of image/Dockerfile.
#
# stdin   name=value pairs, each ended by a NUL, a job's own environment as env.NAME=value; an empty pair;
#         ca_bytes bytes of certificate authorities to trust besides the image's; later "go" and a NUL
# stdout  the build log: stdout and stderr of the steps, with a marker line where an event happened; then the dist
#         directory as a tar, between two markers
# stderr  the control channel: one JSON object a line, written here and nowhere else
# shellcheck disable=SC2034 # the version is for the test that compares the sides
set -Eeuo pipefail

readonly PROTOCOL_VERSION=1
# Where the runner mounts a repository of its machine, read-only, and a file system in memory that only root can write.
readonly SOURCE_MOUNT=/koala/source RUN=/run/koala

declare -i EVENTS=0

protocol::open() { # from here on nobody else holds the control channel: what the steps print on stderr belongs to the log
  exec {CONTROL}>&2 2>&1
  # Build code may open /dev/stdout by name, as many scripts do.
  chmod a+w /proc/self/fd/1
}

protocol::read_job() { # usage: protocol::read_job SECONDS; fills JOB, JOB_ENV and the file EXTRA_CA; exits when no job comes
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

protocol::await_go() { # what came so far changed nothing anywhere; from here on the job has to be this runner's
  local word
  IFS= read -r -d '' -u "$RUNNER" word && [[ $word == go ]] || exit 1
}

protocol::step_started() { # usage: protocol::step_started STEP
  protocol::event step_started "\"step\":\"$1\""
}

protocol::step_succeeded() { # usage: protocol::step_succeeded STEP; with what it found out
  local skipped=''
  [[ -z ${FACTS[skipped]:-} ]] || skipped=',"skipped":true'
  protocol::_facts
  protocol::event step_ended "\"step\":\"$1\",\"ok\":true$skipped,\"facts\":{$REPLY}"
}

protocol::step_failed() { # usage: protocol::step_failed STEP EXIT_CODE REASON; the message is the step's own, or else the exit code tells
  local step=$1 rc=$2 fields="\"reason\":\"$3\""
  protocol::_pairs message remedy
  fields+=${REPLY:+,$REPLY}
  [[ -n ${FACTS[message]:-} ]] || fields+=",\"exit_code\":$rc"
  protocol::_facts
  protocol::event step_ended "\"step\":\"$step\",\"ok\":false,$fields,\"facts\":{$REPLY}"
}

protocol::event() { # usage: protocol::event NAME [FIELDS]; the event first, then its marker in the log
  EVENTS+=1
  printf '{"n":%d,"event":"%s"%s}\n' "$EVENTS" "$1" "${2:+,$2}" >&"$CONTROL"
  printf '\x1e%s %d\n' "${JOB[nonce]}" "$EVENTS"
}

protocol::_facts() { # sets REPLY: what the runner is told of FACTS
  protocol::_pairs commit commit_time node manager manager_version note
}

protocol::_pairs() { # usage: protocol::_pairs NAME…; sets REPLY: those of FACTS that are there, as members of a JSON object
  local name pairs=''
  for name in "$@"; do
    [[ -n ${FACTS[$name]:-} ]] || continue
    json::string "${FACTS[$name]}"
    pairs+=",\"$name\":$REPLY"
  done
  REPLY=${pairs#,}
}
