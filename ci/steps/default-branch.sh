#!/usr/bin/env bash
# The default branch: the one that the remote's HEAD names, unless the job says it; a library. The remote is asked beside the fetch.
set -Eeuo pipefail

# What the remote says about its HEAD, and the process that asks it.
readonly HEAD_ANSWER=$RUN/remote-head HEAD_ASKER=$RUN/remote-head-asker

default-branch::ask() { # asks the remote for its default branch, beside the fetch; nobody waits for the answer
  [[ -z ${JOB[default_branch]:-} ]] || return 0
  { { [[ -n ${JOB[local]} ]] && source::local_git rev-parse --symbolic-full-name HEAD; } ||
    source::ls_remote 60 --symref "${SERVE_LOCAL[@]}" -- "${JOB[url]}" HEAD; } >"$HEAD_ANSWER" 2>/dev/null &
  echo $! >"$HEAD_ASKER"
}

default-branch::await() { # waits until the remote has answered, but not for long: it was asked when the fetch began
  local asker
  local -i turns=0
  if [[ -f $HEAD_ASKER ]]; then
    asker=$(<"$HEAD_ASKER")
    while ((turns++ < 1000)) && kill -0 "$asker" 2>/dev/null; do read -rt 0.01 _ <> <(:) || true; done
  fi
  default-branch::adopt
}

default-branch::adopt() { # sets FACTS[default_branch] once the remote has answered; for the entrypoint
  local ref
  [[ -z ${FACTS[default_branch]:-} && -s $HEAD_ANSWER ]] || return 0
  # The remote's answer is "ref: REF", and then HEAD. Without a branch, it is a commit alone.
  read -r ref _ <"$HEAD_ANSWER" || return 0
  if [[ $ref == ref: ]]; then read -r _ ref _ <"$HEAD_ANSWER"; fi
  [[ $ref != refs/heads/* ]] || FACTS[default_branch]=${ref#refs/heads/}
}
