#!/usr/bin/env bash
# Step source: fetches the branch, tag or commit into the object store, and checks it out; a library.
#
# Root owns the object store and its configuration. Build code can read objects, but cannot change anything, so it cannot
# plant code that the next fetch would run.
set -Eeuo pipefail

readonly STORE=/koala/git
# Variables with git's transports; root's, with its credentials too.
declare -a GIT_ENV=() ROOT_GIT_ENV=(GIT_TERMINAL_PROMPT=0)
# How git gets a local repository.
declare -a SERVE_LOCAL=()
# What the remote says about its HEAD.
readonly HEAD_ANSWER=$RUN/remote-head

step::source() {
  local sha time previous='' branch=${JOB[branch]}
  source::prepare
  source::ask_default_branch
  if [[ -f $STORE/refs/koala/head ]]; then read -r previous <"$STORE/refs/koala/head"; fi
  if [[ -n $previous ]] && ! source::git cat-file -e "$previous^{tree}" 2>/dev/null; then source::anew && previous=''; fi
  source::fetch
  source::rewrite_submodules
  read -r sha time < <(source::git log -1 --format='%H %ct' refs/koala/head)
  fact commit "$sha"
  fact commit_time "$time"
  fact note "$branch at ${sha:0:10}${previous:+, warm}"
  if [[ -z $previous ]] || ! source::checkout "$sha" "$previous"; then
    [[ -z $previous ]] || { source::anew && source::fetch; }
    source::checkout "$sha" '' || exit 1
  fi
  credentials::tell_new_hosts
  source::project
}

source::checkout() { # usage: source::checkout SHA PREVIOUS; ends the step if something elsewhere is the reason why it fails
  local sha=$1 previous=$2 rc=0
  local -a words=()
  credentials::environment checkout
  BUILD_ENV+=("${GIT_ENV[@]}" "${WORDS[@]}")
  credentials::open "${!ROW_HOST[@]}"
  # A separate process: set -e works in it even though our caller tests the exit code.
  as_build /koala/steps/checkout.sh "$sha" "${JOB[branch]}" "${JOB[url]}" "$previous" || rc=$?
  credentials::close
  credentials::keep_new_hosts
  if ((rc == 0)); then return 0; fi
  # No code of the project has run yet, so these words are checkout.sh's.
  mapfile -d '' -t words < <(run_as_build cat /tmp/checkout-blame 2>/dev/null)
  ((${#words[@]} == 2)) || return "$rc"
  credentials::tell_new_hosts
  fail source_failed "${words[@]}"
}

source::rewrite_submodules() { # lets the addresses in .gitmodules lead to where there are credentials
  local modules
  ((${#ROW_HOST[@]})) || return 0
  modules=$(source::git cat-file blob refs/koala/head:.gitmodules 2>/dev/null) || return 0
  credentials::rules <<<"${JOB[url]}"$'\n'"$modules"
}

source::anew() { # discards everything from the last build, because it is damaged
  echo 'koalaci: the files of the last build are damaged; starting without them'
  rm -rf "$STORE" "${STATE:?}"/*
  git init --quiet --bare --template= "$STORE"
  as_tree open_up
  as_build find "$WORKSPACE" -mindepth 1 -delete
}

source::prepare() {
  local protocols=https:http:ssh:git owner
  if [[ -n ${JOB[local]} ]]; then
    protocols+=:file
    # git serves a repository only to its owner, and this root has no capability to read another user's private files.
    owner=$(stat -c %u "$SOURCE_MOUNT")
    ((owner == 0)) || SERVE_LOCAL=("--upload-pack=setpriv --reuid=$owner --regid=$owner --clear-groups git-upload-pack")
  fi
  GIT_ENV=("GIT_ALLOW_PROTOCOL=$protocols" GIT_HTTP_LOW_SPEED_LIMIT=1000 GIT_HTTP_LOW_SPEED_TIME=60)
  credentials::environment root
  ROOT_GIT_ENV=("${GIT_ENV[@]}" "${WORDS[@]}")
  credentials::rules <<<"${JOB[url]}"
}

source::ask_default_branch() { # asks the remote for its default branch, beside the fetch; nobody waits for the answer
  [[ -z ${JOB[default_branch]:-} ]] || return 0
  # timeout ends git together with what git starts.
  (export "${ROOT_GIT_ENV[@]}" && exec timeout --kill-after=1 60 git ls-remote --symref "${SERVE_LOCAL[@]}" -- "${JOB[url]}" HEAD) \
    >"$HEAD_ANSWER" 2>/dev/null &
}

source::default_branch() { # sets FACTS[default_branch] once the remote has answered; for the entrypoint
  local ref
  [[ -z ${FACTS[default_branch]:-} && -s $HEAD_ANSWER ]] || return 0
  read -r _ ref _ <"$HEAD_ANSWER" || return 0
  # Without a branch, HEAD is answered with a commit alone.
  [[ $ref != refs/heads/* ]] || FACTS[default_branch]=${ref#refs/heads/}
}

source::git() { # usage: source::git ARGUMENTS…; runs git on the object store, as root; no command line holds credentials
  (export "${ROOT_GIT_ENV[@]}" && exec git --git-dir="$STORE" "$@")
}

source::fetch() { # fetches what to build into refs/koala/head
  local branch=${JOB[branch]} commit=${JOB[commit]:-}
  local -a options=(--quiet --depth=1 --no-tags --no-write-fetch-head --no-recurse-submodules "${SERVE_LOCAL[@]}")
  if [[ -n $commit ]]; then
    source::try_fetch "${options[@]}" -- "${JOB[url]}" "+$commit:refs/koala/head" || source::missing "commit $commit"
  # A branch wins over a tag of the same name.
  elif ! source::try_fetch "${options[@]}" -- "${JOB[url]}" "+refs/heads/$branch:refs/koala/head"; then
    source::try_fetch "${options[@]}" -- "${JOB[url]}" "+refs/tags/$branch:refs/koala/head" ||
      source::missing "branch or tag $branch"
  fi
}

source::try_fetch() { # fails, and prints nothing, if the remote has no such branch, tag or commit; ends the step on any other failure
  local MESSAGE REMEDY said=$RUN/fetch
  if source::git fetch "$@" 2>"$said"; then cat "$said"; return 0; fi
  if grep -qE "^fatal: (couldn't find remote ref|remote error: upload-pack: not our ref)" "$said"; then return 1; fi
  cat "$said"
  credentials::tell_new_hosts
  if git-words::explain "$said" 'the repository' "${JOB[url]}"; then fail source_failed "$MESSAGE" "$REMEDY"; fi
  exit 1
}

source::project() { # sets the fact project: the absolute path of project_root, which must be inside the working tree
  local project
  if [[ ${JOB[root]} == . ]]; then fact project "$WORKSPACE" && return; fi
  project=$(as_build realpath -qe -- "$WORKSPACE/${JOB[root]}") || project=
  [[ -d $project && $project/ == "$WORKSPACE"/* && $project/ != "$WORKSPACE"/.git/* ]] ||
    fail source_failed "project_root ${JOB[root]} is not a directory of the repository" \
      'Set project_root to a directory that the repository has.'
  fact project "$project"
}

source::missing() { # usage: source::missing WHAT; ends the step
  fail source_failed "there is no $1 in ${JOB[url]/#"file://$SOURCE_MOUNT"/the local repository}" \
    'Check its name, and push it if you have not yet.'
}
