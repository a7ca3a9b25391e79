#!/usr/bin/env bash
# Says what a repository has, without its files: which commit a branch is at, and the tree of that commit.
#
# usage: tree-reader.sh; runs in the container of tree-keeper.sh, one process for each request
#
# stdin   a uid and the name of a store, each ended by a NUL: git runs as that user, who has stores of its own; 0 only where the
#         container has one local repository. Then a job, as protocol.sh describes it, without `env`; later the word "files" and a
#         NUL, if the tree is wanted
# stdout  `name=value` pairs, each ended by a NUL, and an empty one. For the word: the same once more, then the entries of the tree as
#         git ls-tree -z prints them and an empty one, the paths that differ from the commit `since` and an empty one, and the
#         manifests and lockfiles as git cat-file --batch prints them
set -Eeuo pipefail
umask 077

# What the runner expects; src/reuse/reader.ts has the same figure.
readonly READER_VERSION=1
readonly TREES=/trees STEPS=/koala/steps
# With more packs than this, or more stores, they are made anew.
declare -ri MOST_PACKS=50 MOST_STORES=50
# The files that say what depends on what. A line of git ls-tree has its path after a tab.
readonly TOLD=$'\t(.*/)?(package\\.json|package-lock\\.json|npm-shrinkwrap\\.json|pnpm-lock\\.yaml|pnpm-workspace\\.yaml|yarn\\.lock|\\.yarnrc\\.yml|\\.npmrc)$'

trees::become() { # becomes the user whose stores it reads; as root, only builtins have run until then
  local uid store
  IFS= read -r -d '' -t 7200 uid && IFS= read -r -d '' store || exit 0
  # The container may have been started at this moment.
  until [[ -e $TREES/used ]]; do read -rt 0.02 _ <> <(:) || true; done
  touch "$TREES/used"
  export KOALA_TREES=$TREES/$uid KOALA_STORE=$TREES/$uid/$store
  if ((uid != 0)); then exec setpriv "--reuid=$uid" "--regid=$uid" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- "$0"; fi
}

if [[ -z ${KOALA_TREES:-} ]]; then trees::become; fi
mkdir -p "$KOALA_TREES"
KOALA_RUN=$(mktemp -d)
trap 'rm -rf "$KOALA_RUN"' EXIT
export KOALA_CREDENTIALS=$KOALA_RUN/credentials
for library in protocol lib proxy credentials git-words history default-branch source nothing-to-build; do
  # shellcheck source=/dev/null
  source "$STEPS/$library.sh"
done

main() {
  # shellcheck disable=SC2034 # protocol.sh closes it
  exec {CONTROL}>/dev/null
  protocol::read_job 60
  trees::prepare
  trees::answer
}

trees::prepare() { # prepares git as the step source does
  export HOME=$RUN GIT_CONFIG_GLOBAL=/dev/null PATH=$BASE_PATH LANG=C.UTF-8
  proxy::prepare
  [[ ! -s $EXTRA_CA ]] || lib::trust
  credentials::prepare
  source::prepare
  # A host that no build has met yet is not trusted here: that build says so in its log.
  ROOT_GIT_ENV+=(KOALA_NEW_HOSTS=)
}

trees::answer() {
  local word=''
  local -A REFS=()
  trees::ask_refs
  trees::tell commit "${REFS[commit]}" default_branch "${REFS[default]:-}" tags "${REFS[tags]}" detached "${REFS[detached]:-}"
  IFS= read -r -d '' -t 60 -u "$RUNNER" word || exit 0
  [[ $word == files ]] || exit 0
  trees::lock
  trees::fetch "${REFS[commit]}"
  if [[ -n ${JOB[skip_ci]:-} ]] && source::git log -1 --format=%B "${REFS[commit]}" | grep -aqiE -- "$SKIP_WORDS"; then
    trees::fail skipped 'the message of its commit says that there is nothing to build'
  fi
  trees::tell tree "$(source::git rev-parse "${REFS[commit]}^{tree}")"
  source::git ls-tree -r -z --full-tree "${REFS[commit]}" >"$RUN/entries"
  cat "$RUN/entries"
  printf '\0'
  trees::changed "${JOB[since]:-}" "${REFS[commit]}"
  printf '\0'
  trees::told
}

trees::tell() { # usage: trees::tell NAME VALUE…; writes an answer
  printf 'version=%s\0' "$READER_VERSION"
  while (($#)); do printf '%s=%s\0' "$1" "$2" && shift 2; done
  printf '\0'
}

trees::fail() { # usage: trees::fail KIND WORDS; ends with an answer that says why there is none
  trees::tell failure "$1" message "$2"
  exit 0
}

trees::ask_refs() { # fills REFS: the commit to build, as source::fetch chooses it; the branch of HEAD; a hash of all tags
  local name ref branch=${JOB[branch]} head='' tag='' peeled=''
  source::ls_remote 15 --symref "${SERVE_LOCAL[@]}" -- "${JOB[url]}" >"$RUN/refs" 2>"$RUN/fetch" || trees::_unreachable
  while IFS=$'\t' read -r name ref; do
    case $ref in
      HEAD) if [[ $name == 'ref: refs/heads/'* ]]; then REFS[default]=${name#ref: refs/heads/}; fi ;;
      "refs/heads/$branch") head=$name ;;
      "refs/tags/$branch") tag=$name ;;
      "refs/tags/$branch^{}") peeled=$name ;;
    esac
  done <"$RUN/refs"
  if [[ -n ${JOB[is_tag]:-} ]]; then head=''; fi
  if [[ -z $head ]]; then head=${peeled:-$tag} REFS[detached]=1; fi
  REFS[commit]=${JOB[commit]:-$head}
  [[ -n ${REFS[commit]} ]] || trees::fail missing 'there is no such branch or tag'
  REFS[tags]=$({ grep $'\trefs/tags/' "$RUN/refs" || true; } | sha256sum)
  REFS[tags]=${REFS[tags]%% *}
}

trees::_unreachable() {
  # shellcheck disable=SC2034 # git-words.sh sets it
  local MESSAGE='git cannot list its branches' REMEDY
  if git-words::explain "$RUN/fetch" 'the repository' "${JOB[url]}"; then :; fi
  trees::fail unreachable "$MESSAGE"
}

trees::lock() { # one process at a time fetches into a store
  exec {LOCK}>"$KOALA_TREES/lock"
  flock -w 30 "$LOCK" || trees::fail busy 'another request for it takes long'
  trees::_tidy
}

trees::_tidy() { # what is large, or has not been used for long, is fetched anew when it is wanted
  local -a packs=("$STORE"/objects/pack/*.pack) stores
  if ((${#packs[@]} > MOST_PACKS)); then rm -rf "$STORE"; fi
  mapfile -t stores < <(find "$KOALA_TREES" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | cut -d ' ' -f 2-)
  if ((${#stores[@]} > MOST_STORES)); then rm -rf -- "${stores[@]:MOST_STORES}"; fi
}

trees::fetch() { # usage: trees::fetch SHA; has the commit and its trees in the store, and none of its files
  local sha=$1 format=sha1
  if ((${#sha} == 64)); then format=sha256; fi
  [[ -d $STORE ]] || source::new_store "$format"
  touch "$STORE"
  if source::git rev-parse --quiet --verify "refs/koala/read/$sha" >/dev/null; then return 0; fi
  source::git_fetch -- --no-tags --depth=1 --filter=blob:none koala "+$sha:refs/koala/read/$sha" || trees::_unfetched
  if grep -aq 'filtering not recognized by server' "$RUN/fetch"; then
    rm -rf "$STORE"
    trees::fail unsupported 'its server cannot leave files out of a fetch'
  fi
}

trees::_unfetched() {
  # shellcheck disable=SC2034
  local MESSAGE='git cannot fetch its commit' REMEDY
  if grep -aqE "(not our ref|unadvertised object|does not allow request)" "$RUN/fetch"; then trees::fail unsupported 'its server gives no commit by its name'; fi
  if git-words::explain "$RUN/fetch" 'the repository' "${JOB[url]}"; then :; fi
  trees::fail unreachable "$MESSAGE"
}

trees::changed() { # usage: trees::changed SINCE SHA; prints which paths differ, if the other commit is still here
  [[ -n $1 ]] && source::git rev-parse --quiet --verify "refs/koala/read/$1" >/dev/null || return 0
  source::git diff-tree -r -z --no-renames --name-only "$1" "$2"
}

trees::told() { # prints the manifests and lockfiles
  local missing
  { grep -zE "$TOLD" "$RUN/entries" || true; } | cut -z -d ' ' -f 3 | cut -z -f 1 | tr '\0' '\n' | sort -u >"$RUN/told"
  history::_unpromised
  missing=$(git --git-dir="$REPLY" cat-file --batch-check='%(objectname)' <"$RUN/told" | sed -n 's/ missing$//p')
  if [[ -n $missing ]]; then
    # noop: git would say that it has the commit, and the server would take its files for fetched.
    source::git_fetch -c fetch.negotiationAlgorithm=noop -- --no-tags --filter=blob:none --stdin koala <<<"$missing" || true
  fi
  # One that cannot be had is "missing" in the answer.
  git --git-dir="$REPLY" cat-file --batch <"$RUN/told"
}

main "$@"
