#!/usr/bin/env bash
# How much of the history a build gets, and which tags; a library of the step source.
#
# A warm build gets what a clean one would, though the store has more: what the project's .git lists decides, and it lists what
# is in two files of the store.
#
# Large files of older commits are left out, unless the job asks for some depth: the repository would grow with each version of them.
# git fetches one from the remote when a program reads it.
#
# $STORE/packed-refs     the tags; refs/koala/head is in a file of its own
# $STORE/without-large   it exists if large files of older commits may be missing
# $STORE/project-shallow where the history ends; if there is no such file, it is whole
# shellcheck disable=SC2034 # the callers use the answers in WORDS
set -Eeuo pipefail

# How many commits back the history goes if the job does not say. All of it would slow large repositories down.
declare -ri HISTORY_DEPTH=50
# git's own figure for the whole history. Unlike no figure, it also works on a repository that is shallow itself.
declare -ri WHOLE_HISTORY=0x7fffffff
# Bytes from which on a file is large.
declare -ri LARGE_FILE=$((1 << 20))
# What the remote says about its tags.
readonly TAGS_ANSWER=$RUN/remote-tags
TAGS_ASKING='' # the process that asks
PARTIAL=''     # yes or no, once history::_is_partial has looked

history::options() { # sets WORDS: options for git fetch
  local depth=${JOB[fetch_depth]:-}
  WORDS=(--no-tags)
  if [[ -n $depth ]]; then
    ((depth > 0)) || depth=$((WHOLE_HISTORY))
    # git would take the large files for fetched.
    [[ ! -f $STORE/without-large ]] || WORDS+=(--no-filter --refetch)
  elif history::_is_partial; then depth=1
  else
    depth=$HISTORY_DEPTH
    WORDS+=("--filter=blob:limit=$LARGE_FILE")
  fi
  WORDS+=("--depth=$depth")
}

history::complete() { # usage: history::complete REF; after a fetch: fetches the large files of the commit itself; fails as git fetch does
  local missing
  if [[ -n ${JOB[fetch_depth]:-} ]]; then rm -f "$STORE/without-large" && return; fi
  if history::_is_partial; then return 0; fi
  : >"$STORE/without-large"
  missing=$(history::_missing_files)
  [[ -n $missing ]] || return 0
  # noop: git would say that it has the commit, and the server would take its files for fetched.
  source::git_fetch -c fetch.negotiationAlgorithm=noop -- --no-tags --filter=blob:none --stdin koala < <(sort -u <<<"$missing") || true
  missing=$(history::_missing_files)
  [[ -n $missing ]] || return 0
  # A server that leaves files out, but gives none by its name.
  history::refspecs "$1"
  source::git_fetch -- --no-tags --no-filter --refetch "--depth=$HISTORY_DEPTH" koala "${WORDS[@]}"
}

history::_missing_files() { # prints the ids of the commit's files that the store lacks
  local head=refs/koala/head
  if history::_all_tags; then head=refs/koala/new; fi
  history::_unpromised
  if [[ -n ${previous:-} ]]; then source::git diff-tree -r --no-renames "$previous" "$head" | awk '$2 !~ /^(160000|000000)$/ { print $4 }'
  else source::git ls-tree -r "$head" | awk '$2 == "blob" { print $3 }'
  fi |
    git --git-dir="$REPLY" cat-file --batch-check='%(objectname)' | sed -n 's/ missing$//p'
}

history::_unpromised() { # sets REPLY to a repository with the objects of the store: in the store itself, git would try to fetch what is missing
  REPLY=$STORE/unpromised
  [[ ! -f $REPLY/config ]] || return 0
  mkdir -p "$REPLY/objects/info" "$REPLY/refs"
  echo 'ref: refs/heads/none' >"$REPLY/HEAD"
  echo "$STORE/objects" >"$REPLY/objects/info/alternates"
  grep -vE 'promisor|partialclone' "$STORE/config" >"$REPLY/config"
}

history::repack() { # drops what the project does not get: old commits, and large files of older ones
  local pack file
  {
    source::git rev-list --objects --no-object-names --missing=print "--filter=blob:limit=$LARGE_FILE" refs/koala/head --tags
    source::git rev-list --objects --no-object-names --missing=print --no-walk refs/koala/head
  } | { grep -v '^?' || true; } | sort -u >"$RUN/objects"
  pack=$(source::git pack-objects --quiet --window=0 "$STORE/objects/pack/pack" <"$RUN/objects")
  : >"$STORE/objects/pack/pack-$pack.promisor"
  for file in "$STORE"/objects/pack/pack-*; do
    if [[ $file != *"/pack-$pack."* ]]; then rm -f "$file"; fi
  done
  find "$STORE/objects" -mindepth 2 -path "$STORE/objects/??/*" -type f -delete
}

history::refspecs() { # usage: history::refspecs REF; sets WORDS: the refspecs to fetch that as refs/koala/head
  WORDS=("+$1:refs/koala/head")
  if history::_all_tags; then
    # Under new names: git leaves out those of many that have not changed, and would not deepen their history.
    rm -rf "$STORE"/refs/koala/new*
    WORDS=("+$1:refs/koala/new" '+refs/tags/*:refs/koala/new-tags/*')
  fi
}

history::_take_tags() { # gives what was fetched under new names its place
  mv "$STORE/refs/koala/new" "$STORE/refs/koala/head"
  rm -rf "$STORE/refs/tags"
  mkdir -p "$STORE/refs/koala/new-tags"
  mv "$STORE/refs/koala/new-tags" "$STORE/refs/tags"
  : >"$STORE/packed-refs"
  source::git pack-refs
}

history::_all_tags() { # whether all tags come with the commit: the job wants them, or the whole history, as a clone has it
  [[ ${JOB[fetch_tags]:-} == 1 || (${JOB[fetch_depth]:-} == 0 && -z ${JOB[fetch_tags]:-}) ]]
}

history::_is_partial() { # whether a local repository lacks files of its older commits
  [[ -n ${JOB[local]} ]] || return 1
  if [[ -z $PARTIAL ]]; then
    PARTIAL=no
    if source::local_git config --local --get-regexp '^remote\..*\.promisor$' '^true$' >/dev/null; then PARTIAL=yes; fi
  fi
  [[ $PARTIAL == yes ]]
}

history::ask() { # asks the remote for its tags, beside the fetch
  if history::_all_tags; then return; fi
  history::_ask_tags &
  TAGS_ASKING=$!
}

history::_ask_tags() { # usage: history::_ask_tags [again]; again: a local repository as a remote one, which passes over tags at which show-ref gives up
  local rc=0
  # Both print the commit of an annotated tag, too.
  if [[ -n ${JOB[local]} && -z ${1:-} ]]; then
    source::local_git show-ref --tags --dereference >"$TAGS_ANSWER" 2>"$RUN/tags-said" || rc=$?
    # 1: it has no tags.
    ((rc == 0)) || [[ $rc == 1 && ! -s $RUN/tags-said ]]
    return
  fi
  source::ls_remote 120 --tags "${SERVE_LOCAL[@]}" -- "${JOB[url]}" >"$TAGS_ANSWER" 2>"$RUN/tags-said"
}

history::list() { # after the fetch: writes the two files, and says where the history is cut off
  local -a heads=(refs/koala/head)
  if history::_all_tags; then history::_take_tags && heads+=(--tags); else history::_list_tags; fi
  # An empty file tells git that there may be more: `git fetch --unshallow`, which it refuses in a whole repository, works.
  : >"$STORE/project-shallow"
  if [[ -s $STORE/shallow ]]; then
    source::git rev-list "${heads[@]}" | sort | comm -12 - <(sort "$STORE/shallow") >"$STORE/project-shallow"
  fi
  if [[ -s $STORE/project-shallow ]]; then history::_say_cut
  elif [[ ${JOB[fetch_depth]:-} == 0 ]]; then rm -f "$STORE/project-shallow"; fi
}

history::_say_cut() {
  case ${JOB[fetch_depth]:-} in
    '')
      if history::_is_partial; then echo 'koalaci: the local repository is a partial clone: only the commit itself is taken from it'
      else echo "koalaci: the history goes $HISTORY_DEPTH commits back; project_fetch can ask for more"; fi
      ;;
    0) echo 'koalaci: the repository is a shallow clone itself, so there is no more of its history than it has' ;;
  esac
}

history::_list_tags() { # writes the tags of the commits that were fetched
  local -a first=()
  wait "$TAGS_ASKING" || history::_ask_tags again || history::_tags_missing "$RUN/tags-said"
  if [[ ! -s $TAGS_ANSWER ]]; then : >"$STORE/packed-refs" && return; fi
  if [[ ${JOB[fetch_tags]:-} == 0 ]]; then first=(--max-count=1); fi
  source::git rev-list "${first[@]}" refs/koala/head >"$RUN/commits"
  # If a tag has been moved or removed meanwhile, the remote is asked again, once.
  history::_fetch_tags || { history::_ask_tags again && history::_fetch_tags; } || history::_tags_missing "$RUN/fetch"
  mv "$RUN/tags" "$STORE/packed-refs.new"
  mv "$STORE/packed-refs.new" "$STORE/packed-refs"
}

history::_tags_missing() { # usage: history::_tags_missing FILE; ends the step: git has said why into that file
  cat "$1"
  fail source_failed 'the tags of the repository could not be fetched' 'Build again; or set project_fetch to {"tags": false}.' service
}

history::_tags_of() { # usage: history::_tags_of COMMITS <what ls-remote said; prints the tags of these commits, as packed-refs has them
  local commits=$1
  awk 'NR == FNR { known[$1]; next }
    sub(/\^\{\}$/, "", $2) { commit[$2] = $1; next }
    { object[$2] = $1; name[++n] = $2 }
    END {
      for (i = 1; i <= n; i++) {
        ref = name[i]
        if (!(ref in commit)) { if (object[ref] in known) print object[ref], ref }
        else if (commit[ref] in known) print object[ref], ref "\n^" commit[ref]
      }
    }' "$commits" -
}

history::_fetch_tags() { # writes $RUN/tags, and fetches the annotated ones that the store lacks; fails if it does not get all of them
  local missing
  history::_tags_of "$RUN/commits" <"$TAGS_ANSWER" >"$RUN/tags"
  missing=$(history::_missing_tags)
  [[ -n $missing ]] || return 0
  source::git_fetch -- --no-tags --update-shallow --stdin koala <<<"$missing" || return 1
  missing=$(history::_missing_tags)
  [[ -z $missing ]]
}

history::_missing_tags() { # prints the names of the tags in $RUN/tags whose objects the store lacks
  grep -q '^^' "$RUN/tags" || return 0
  grep -v '^^' "$RUN/tags" | source::git cat-file --batch-check='%(objecttype) %(rest)' | sed -n 's/ missing$//p' >"$RUN/missing"
  awk 'NR == FNR { gone[$1]; next } $1 in gone { print $2 }' "$RUN/missing" "$RUN/tags"
}
