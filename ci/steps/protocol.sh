#!/usr/bin/env bash
# The protocol between the runner and this container: the container's side; a library.
#
# The runner's side is src/sandbox/protocol.ts. A change that the other side would not understand needs a new version number:
# here, there, and in the label koalaci.protocol of image/Dockerfile.
#
# stdin   name=value pairs, each ended by a NUL, with the job's own environment as env.NAME=value and what git may use as
#         credential=…; an empty pair; ca_bytes bytes of certificate authorities, which the build trusts besides the image's;
#         later "go" and a NUL; after the list, what of it is wanted: the number of its letters and a NUL, then the letters; after
#         the archive the values that were found in it, each ended by a NUL, and an empty one
# stdout  the build log: stdout and stderr of the steps, with a marker line at the place of each event; then the dist
#         directory as a tar, between two markers, and the lockfile, likewise. With list_entries and list_bytes, which say how much it
#         may have, the list of what is in it instead of the tar (artifact-list.py), and the contents that are wanted. With detect=1,
#         what the project is, as JSON, after the step source, and no other step. With keep=SECONDS, in the container of a build that
#         has failed, no step: only the event kept, once the job's secrets are out of it
# stderr  the control channel: one JSON object per line; only this file writes to it, and nothing that is started inherits it
# shellcheck disable=SC2034 # a test compares the versions of both sides
set -Eeuo pipefail

readonly PROTOCOL_VERSION=9
# The runner mounts a local repository at SOURCE_MOUNT, read-only. RUN is in memory, and only root can write it; tree-reader.sh has another.
readonly SOURCE_MOUNT=/koala/source RUN=${KOALA_RUN:-/run/koala}

declare -i EVENTS=0

protocol::open() { # keeps the control channel for this file: from here on, stderr goes into the log
  exec {CONTROL}>&2 2>&1
  # Many scripts open /dev/stdout by name.
  chmod a+w /proc/self/fd/1
}

protocol::read_job() { # usage: protocol::read_job SECONDS; fills JOB, JOB_ENV, CREDENTIAL_PAIRS and the file EXTRA_CA; exits if no job comes in time
  local seconds=$1 pair
  IFS= read -r -d '' -t "$seconds" pair || exit 0
  while [[ -n $pair ]]; do
    case $pair in
      env.*) JOB_ENV+=("${pair#env.}") ;;
      credential=*) CREDENTIAL_PAIRS+=("${pair#credential=}") ;;
      *) JOB[${pair%%=*}]=${pair#*=} ;;
    esac
    IFS= read -r -d '' pair || exit 1 # the runner has closed stdin
  done
  # Not with read: bash reads a pipe byte by byte, and a bundle has a few hundred thousand bytes.
  head -c "${JOB[ca_bytes]}" >"$EXTRA_CA" {CONTROL}>&-
  exec {RUNNER}<&0 </dev/null
}

protocol::refuse() { # usage: protocol::refuse WHY; ends this container before its first event: the runner starts another one, from the builder image
  printf 'koalaci: %s\n' "$1" >&"$CONTROL"
  exit 1
}

protocol::aside() { # usage: protocol::aside COMMAND…; nothing that it starts has the descriptors of control channel and runner
  # For its length, bash keeps copies of both, which it closes in every program.
  "$@" {CONTROL}>&- {RUNNER}<&-
}

protocol::close() { # after the last event
  exec {CONTROL}>&- {RUNNER}<&-
}

protocol::await_go() { # waits until the runner has claimed the job; nothing before this has effects outside the container
  local word
  IFS= read -r -d '' -u "$RUNNER" word && [[ $word == go ]] || exit 1
}

protocol::read_wanted() { # prints what the runner wants of the list, in a line: 1 or 0 for each entry
  local length
  IFS= read -r -d '' -u "$RUNNER" length || exit 1
  head -c "$length" <&"$RUNNER" {CONTROL}>&-
  echo
}

protocol::read_found() { # sets WORDS: the values of the job that the runner has found in the archive, and would fail the build for
  local value
  WORDS=()
  while IFS= read -r -d '' -u "$RUNNER" value || exit 1; do
    [[ -n $value ]] || return 0
    WORDS+=("$value")
  done
}

protocol::step_started() { # usage: protocol::step_started STEP
  protocol::event step_started "\"step\":\"$1\""
}

protocol::step_succeeded() { # usage: protocol::step_succeeded STEP; reports the step's facts too
  local skipped=''
  [[ -z ${FACTS[skipped]:-} ]] || skipped=',"skipped":true'
  protocol::_facts
  protocol::event step_ended "\"step\":\"$1\",\"ok\":true$skipped,\"facts\":{$REPLY}"
}

protocol::step_failed() { # usage: protocol::step_failed STEP EXIT_CODE REASON; reports the step's message, or else the exit code
  local step=$1 rc=$2 fields="\"reason\":\"$3\""
  protocol::_pairs message remedy
  fields+=${REPLY:+,$REPLY}
  [[ -n ${FACTS[message]:-} ]] || fields+=",\"exit_code\":$rc"
  protocol::_facts
  protocol::event step_ended "\"step\":\"$step\",\"ok\":false,$fields,\"facts\":{$REPLY}"
}

protocol::event() { # usage: protocol::event NAME [FIELDS]; writes the event, then its marker into the log
  EVENTS+=1
  printf '{"n":%d,"event":"%s"%s}\n' "$EVENTS" "$1" "${2:+,$2}" >&"$CONTROL"
  printf '\x1e%s %d\n' "${JOB[nonce]}" "$EVENTS"
}

protocol::_facts() { # sets REPLY: the FACTS that the runner gets
  protocol::_pairs commit commit_time default_branch node manager manager_version host_keys refused_scripts note changed fault files reads
}

protocol::_pairs() { # usage: protocol::_pairs NAME…; sets REPLY: the named FACTS that are set, as members of a JSON object
  local name pairs=''
  for name in "$@"; do
    [[ -n ${FACTS[$name]:-} ]] || continue
    json::string "${FACTS[$name]}"
    pairs+=",\"$name\":$REPLY"
  done
  REPLY=${pairs#,}
}
