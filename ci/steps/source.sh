#!/usr/bin/env bash
# Step source: fetches the branch, tag or commit into the object store, and checks it out; a library.
#
# Root owns the object store and its configuration. Build code can read objects, but cannot change anything, so it cannot
# plant code that the next fetch would run.
set -Eeuo pipefail

readonly STORE=${KOALA_STORE:-/koala/git}
# Variables with git's transports; root's, with its credentials too.
declare -a GIT_ENV=() ROOT_GIT_ENV=(GIT_TERMINAL_PROMPT=0)
# How git gets a local repository.
declare -a SERVE_LOCAL=()
# Where the directories of objects are mounted that a local repository borrows.
readonly BORROWED=/koala/borrowed
# Runs a command as the owner of a local repository.
declare -a AS_OWNER=()

step::source() {
  local sha time previous='' branch=${JOB[branch]}
  # The branch that HEAD is on; for a tag, none.
  local on_branch=$branch
  proxy::tell_own
  source::prepare
  default-branch::ask
  history::ask
  if [[ -f $STORE/refs/koala/head ]]; then read -r previous <"$STORE/refs/koala/head"; fi
  if [[ -n $previous ]] && ! source::git cat-file -e "$previous^{tree}" 2>/dev/null; then source::anew && previous=''; fi
  source::fetch
  history::list
  source::rewrite_submodules
  read -r sha time < <(source::git log -1 --format='%H %ct' refs/koala/head)
  fact commit "$sha"
  fact commit_time "$time"
  [[ -n ${JOB[detect]:-} ]] || nothing-to-build::by_message "$sha"
  fact note "${branch:-HEAD} at ${sha:0:10}${previous:+, warm}"
  [[ -z $previous ]] || changed::tell "$previous" "$sha"
  if [[ -z $previous ]] || ! source::checkout "$sha" "$previous"; then
    [[ -z $previous ]] || { source::anew && source::fetch && history::list; }
    source::checkout "$sha" '' || exit 1
  fi
  credentials::tell_new_hosts
  project-file::ask
  source::project
}

source::checkout() { # usage: source::checkout SHA PREVIOUS; ends the step if something elsewhere is the reason why it fails
  local sha=$1 previous=$2 rc=0
  local -a words=()
  credentials::environment checkout
  # git must not read what a build has left in the home.
  BUILD_ENV+=("HOME=$NO_HOME" "${GIT_ENV[@]}" "${PROXY_ENV[@]}" "${WORDS[@]}")
  if [[ -n ${JOB[detect]:-} ]]; then BUILD_ENV+=(GIT_LFS_SKIP_SMUDGE=1 OWN_FILES_ONLY=1); fi
  credentials::open "${!ROW_HOST[@]}"
  # A separate process: set -e works in it even though our caller tests the exit code.
  as_build /koala/steps/checkout.sh "$sha" "$on_branch" "${JOB[url]}" "$previous" || rc=$?
  credentials::close
  credentials::keep_new_hosts
  if ((rc == 0)); then return 0; fi
  # No code of the project has run yet, so these words are checkout.sh's.
  mapfile -d '' -t words < <(run_as_build cat /tmp/checkout-blame 2>/dev/null)
  ((${#words[@]} == 3)) || return "$rc"
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
  source::new_store "$(source::git rev-parse --show-object-format 2>/dev/null || echo sha1)"
  source::clear
}

source::clear() {
  rm -rf "${STATE:?}"/*
  as_tree open_up
  run_as_build find "$WORKSPACE" -mindepth 1 -delete
}

source::prepare() {
  local protocols=https:http:ssh:git owner
  if [[ -n ${JOB[local]} ]]; then
    protocols+=:file
    # git serves a repository only to its owner, and this root has no capability to read another user's private files.
    if [[ ! -O $SOURCE_MOUNT ]]; then
      owner=$(stat -c %u "$SOURCE_MOUNT")
      AS_OWNER=(setpriv "--reuid=$owner" "--regid=$owner" --clear-groups)
    fi
    source::with_borrowed
    SERVE_LOCAL=("--upload-pack=${AS_OWNER[*]} ${REPLY}git -c uploadpack.allowFilter=true -c uploadpack.allowAnySHA1InWant=true upload-pack")
  fi
  GIT_ENV=("GIT_ALLOW_PROTOCOL=$protocols" GIT_HTTP_LOW_SPEED_LIMIT=1000 GIT_HTTP_LOW_SPEED_TIME=60)
  credentials::environment root
  ROOT_GIT_ENV=("${GIT_ENV[@]}" "${WORDS[@]}")
  credentials::rules <<<"${JOB[url]}"
}

source::with_borrowed() { # sets REPLY to the start of a command: with the objects that a local repository borrows, from where they are mounted
  local path found=''
  for path in "$BORROWED"/*; do
    if [[ -d $path ]]; then found+=:$path; fi
  done
  # The repository of a submodule names a working tree that is not mounted.
  REPLY="env GIT_WORK_TREE=/ ${found:+"GIT_ALTERNATE_OBJECT_DIRECTORIES=${found#:} "}"
}

source::local_git() { # usage: source::local_git ARGUMENTS…; runs git in the local repository, as its owner and with what it borrows
  local -a git
  source::with_borrowed
  read -ra git <<<"${AS_OWNER[*]} ${REPLY}git"
  "${git[@]}" -C "$SOURCE_MOUNT" "$@"
}

source::ls_remote() { # usage: source::ls_remote SECONDS ARGUMENTS…; git ls-remote, for so long at most
  # timeout ends git together with what git starts.
  (export "${ROOT_GIT_ENV[@]}" && exec timeout --kill-after=1 "$1" git ls-remote "${@:2}")
}

source::git() { # usage: source::git ARGUMENTS…; runs git on the object store, as root; no command line holds credentials
  (export "${ROOT_GIT_ENV[@]}" && exec git --git-dir="$STORE" "$@")
}

source::fetch() { # fetches what to build into refs/koala/head
  local branch=${JOB[branch]} commit=${JOB[commit]:-} what
  what="branch or tag $branch"
  if [[ -n $commit ]]; then
    # A full SHA says which objects the repository has.
    if ((${#commit} == 64)) && [[ $(source::git rev-parse --show-object-format) == sha1 ]]; then source::reformat sha256; fi
    source::try_fetch "$commit" || source::missing "commit $commit"
    return
  fi
  if [[ -n ${JOB[is_tag]:-} ]]; then what="tag $branch"; fi
  if [[ -z $branch ]]; then
    # The branch that the remote's HEAD is on; its name does not matter.
    source::try_fetch HEAD || source::missing 'commit on a default branch'
    fact detached 1
    return
  fi
  # A branch wins over a tag of the same name.
  if [[ -z ${JOB[is_tag]:-} ]] && source::try_fetch "refs/heads/$branch"; then return; fi
  source::try_fetch "refs/tags/$branch" || source::missing "$what"
  # As git checks out a tag. A branch of its name would make the name ambiguous.
  on_branch=''
  fact detached 1
}

source::try_fetch() { # usage: source::try_fetch REF; fails, and prints nothing, if there is none; exits on any other failure
  local theirs
  local -a options
  history::options && options=("${WORDS[@]}")
  history::refspecs "$1"
  if source::git_fetch -- "${options[@]}" koala "${WORDS[@]}" && history::complete "$1"; then source::said; return 0; fi
  theirs=$(sed -n 's/^fatal: mismatched algorithms: client .*; server \(sha1\|sha256\)$/\1/p' "$RUN/fetch")
  if [[ -n $theirs ]]; then
    source::reformat "$theirs"
    source::try_fetch "$1"
    return
  fi
  if grep -aqE "^fatal: (couldn't find remote ref|remote error: upload-pack: not our ref)" "$RUN/fetch"; then return 1; fi
  source::failed
}

source::git_fetch() { # usage: source::git_fetch [OPTION_OF_GIT…] -- ARGUMENTS…; git fetch from the repository, called koala; its words are in $RUN/fetch
  local -a options=()
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  source::git "${options[@]}" -c "remote.koala.url=${JOB[url]}" fetch --quiet --no-write-fetch-head --no-auto-maintenance --no-recurse-submodules \
    "${SERVE_LOCAL[@]}" "${@:2}" 2>"$RUN/fetch"
}

source::said() { # prints what git said about the fetch, but not that borrowed objects are not where the owner has them
  [[ -s $RUN/fetch ]] || return 0
  grep -avE '(alternate object path|object directory .* does not exist|filtering not recognized by server)' "$RUN/fetch" || true
}

source::failed() { # ends the step after a failed fetch
  local MESSAGE REMEDY FAULT=''
  source::said
  if grep -qaE '^(error: Could not read|fatal: (unable to parse|bad object))' "$RUN/fetch"; then source::blame_borrowed; fi
  credentials::tell_new_hosts
  if [[ -n ${JOB[local]} ]] && ! "${AS_OWNER[@]}" test -x "$SOURCE_MOUNT"; then
    fail source_failed 'builds may not read the local repository: it is closed to others than its owner, who is nobody for this engine' \
      'Open it (chmod -R o+rX), or give its address on a git server.'
  fi
  if [[ -n ${JOB[local]} ]] && grep -aq 'from promisor remote' "$RUN/fetch"; then
    fail source_failed 'the local repository is a partial clone, and lacks some of the files to build' \
      'Fetch them, in that repository: git fetch --refetch --no-filter origin'
  fi
  if proxy::explain "$RUN/fetch" || git-words::explain "$RUN/fetch" 'the repository' "${JOB[url]}"; then
    fail source_failed "$MESSAGE" "$REMEDY" "$FAULT"
  fi
  exit 1
}

source::reformat() { # usage: source::reformat sha1|sha256; makes the store one for objects with such names; nothing in it is of use then
  if [[ -n ${previous:-} ]]; then
    echo "koalaci: the objects of the repository have other names now ($1); starting without those of the last build"
    previous=''
    source::clear
  fi
  source::new_store "$1"
}

source::new_store() { # usage: source::new_store sha1|sha256
  rm -rf "$STORE"
  git init --quiet --bare --template= --object-format="$1" "$STORE"
}

source::project() { # sets the fact project: the absolute path of project_root, which must be inside the working tree
  local project
  if [[ ${JOB[root]} == . ]]; then fact project "$WORKSPACE" && return; fi
  project=$(run_as_build realpath -qe -- "$WORKSPACE/${JOB[root]}") || project=
  [[ -d $project && $project/ == "$WORKSPACE"/* && $project/ != "$WORKSPACE"/.git/* ]] ||
    fail source_failed "project_root ${JOB[root]} is not a directory of the repository" \
      'Set project_root to a directory that the repository has.'
  fact project "$project"
}

source::blame_borrowed() { # ends the step after a failed fetch, if a local repository borrows objects: one of them is missing
  local names
  [[ -n ${JOB[local]} ]] || return 0
  names=$(source::local_git rev-parse --path-format=absolute --git-path objects/info/alternates)
  [[ -s $names ]] || return 0
  fail source_failed 'the local repository borrows objects of another one, and some of them are not there' \
    'Check that what its objects/info/alternates names is there, and that its owner may read it.'
}

source::_is_lost() { # usage: source::_is_lost REF; whether a local repository has it, but not the object that it is of
  [[ -n ${JOB[local]} ]] && source::local_git rev-parse --quiet --verify "$1" >/dev/null && ! source::local_git cat-file -e "$1" 2>/dev/null
}

source::missing() { # usage: source::missing WHAT; ends the step after a failed fetch
  if source::_is_lost "refs/heads/${JOB[branch]}" || source::_is_lost "refs/tags/${JOB[branch]}"; then source::blame_borrowed; fi
  local shown=${JOB[url]%%[?#]*} guess=''
  if [[ -z ${JOB[commit]:-} ]]; then guess=$(source::guess "${JOB[branch]}" || true); fi
  fail source_failed "there is no $1 in ${shown/#"file://$SOURCE_MOUNT"/the local repository}" \
    "${guess:+$guess }Check its name, and push it if you have not yet." job
}

source::guess() { # usage: source::guess NAME; prints which branch or tag may be meant, if the repository says in time which it has
  source::ls_remote 10 --symref "${SERVE_LOCAL[@]}" -- "${JOB[url]}" HEAD 'refs/heads/*' 'refs/tags/*' 2>/dev/null |
    python3 -I /koala/steps/nearest-ref.py "$1"
}
