#!/usr/bin/env bash
# How much of the history a build gets, and which tags; a library of the step source.
#
# A warm build gets what a clean one would, though the store has more: what the project's .git lists decides, and it lists what
# is in two files of the store.
#
# $STORE/packed-refs     the tags; refs/koala/head is in a file of its own
# $STORE/project-shallow where the history ends; if there is no such file, it is whole
# shellcheck disable=SC2034 # the callers use the answers in WORDS
set -Eeuo pipefail

# How many commits back the history goes if the job does not say. All of it would slow large repositories down.
declare -ri HISTORY_DEPTH=50
# git's own figure for the whole history. Unlike no figure, it also works on a repository that is shallow itself.
declare -ri WHOLE_HISTORY=0x7fffffff
# What the remote says about its tags.
readonly TAGS_ANSWER=$RUN/remote-tags
TAGS_ASKING='' # the process that asks

history::options() { # sets WORDS: options for git fetch
  local depth=${JOB[fetch_depth]:-}
  if [[ -z $depth ]]; then
    depth=$HISTORY_DEPTH
    if history::_is_partial; then depth=1; fi
  fi
  ((depth > 0)) || depth=$((WHOLE_HISTORY))
  WORDS=("--depth=$depth" --no-tags)
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
  [[ -n ${JOB[local]} ]] &&
    "${AS_OWNER[@]}" git -C "$SOURCE_MOUNT" config --local --get-regexp '^remote\..*\.promisor$' '^true$' >/dev/null
}

history::ask() { # asks the remote for its tags, beside the fetch
  if history::_all_tags; then return; fi
  history::_ask_tags &
  TAGS_ASKING=$!
}

history::_ask_tags() {
  (export "${ROOT_GIT_ENV[@]}" && exec timeout --kill-after=1 120 git ls-remote --tags "${SERVE_LOCAL[@]}" -- "${JOB[url]}") \
    >"$TAGS_ANSWER" 2>"$RUN/tags-said"
}

history::list() { # after the fetch: writes the two files, and says where the history is cut off
  local -a heads=(refs/koala/head)
  if history::_all_tags; then history::_take_tags && heads+=(--tags); else history::_list_tags; fi
  rm -f "$STORE/project-shallow"
  if [[ -s $STORE/shallow ]]; then
    source::git rev-list "${heads[@]}" | sort | comm -12 - <(sort "$STORE/shallow") >"$STORE/project-shallow"
  fi
  if [[ -s $STORE/project-shallow ]]; then history::_say_cut
  elif [[ ${JOB[fetch_depth]:-} == 0 ]]; then rm -f "$STORE/project-shallow"
  else
    # An empty file tells git that there may be more: `git fetch --unshallow`, which it refuses in a whole repository, works.
    : >"$STORE/project-shallow"
  fi
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
  if [[ ${JOB[fetch_tags]:-} == 0 ]]; then first=(--max-count=1); fi
  source::git rev-list "${first[@]}" refs/koala/head >"$RUN/commits"
  wait "$TAGS_ASKING" || history::_ask_tags || history::_tags_missing "$RUN/tags-said"
  # If a tag has been moved or removed meanwhile, the remote is asked again, once.
  history::_fetch_tags || { history::_ask_tags && history::_fetch_tags; } || history::_tags_missing "$RUN/fetch"
  mv "$RUN/tags" "$STORE/packed-refs.new"
  mv "$STORE/packed-refs.new" "$STORE/packed-refs"
}

history::_tags_missing() { # usage: history::_tags_missing FILE; ends the step: git has said why into that file
  cat "$1"
  fail source_failed 'the tags of the repository could not be fetched' 'The lines above say why.'
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
  source::git fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules --update-shallow "${SERVE_LOCAL[@]}" \
    --stdin -- "${JOB[url]}" <<<"$missing" 2>"$RUN/fetch" || return 1
  missing=$(history::_missing_tags)
  [[ -z $missing ]]
}

history::_missing_tags() { # prints the names of the tags in $RUN/tags whose objects the store lacks
  grep -q '^^' "$RUN/tags" || return 0
  grep -v '^^' "$RUN/tags" | source::git cat-file --batch-check='%(objecttype) %(rest)' | sed -n 's/ missing$//p' >"$RUN/missing"
  awk 'NR == FNR { gone[$1]; next } $1 in gone { print $2 }' "$RUN/missing" "$RUN/tags"
}
