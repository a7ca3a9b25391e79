#!/usr/bin/env bash
# The patterns of the project's tool caches, in a file that outlives the build: finding them takes longer than reading them; a
# library.
set -Eeuo pipefail

# As in .gitignore, from the workspace's root. The build user can read it.
readonly CACHE_PATTERNS=$STATE/tool-caches

cache-patterns::are_fresh() { # whether the manifests are those that the patterns were found in
  cache-patterns::_key
  [[ -f $CACHE_PATTERNS && -f $CACHE_PATTERNS.key && $(<"$CACHE_PATTERNS.key") == "$REPLY" ]]
}

cache-patterns::refresh() { # before the project's own code runs, which could change the manifests
  run_as_build /koala/steps/tool-caches.sh patterns "${JOB[root]}" >"$RUN/tool-caches"
  if [[ ! -f $CACHE_PATTERNS ]]; then cat "$RUN/tool-caches" >"$CACHE_PATTERNS"
  elif ! cmp -s "$RUN/tool-caches" "$CACHE_PATTERNS"; then
    cat "$RUN/tool-caches" >"$CACHE_PATTERNS"
    # The last build left the caches of the tools that the project had then.
    as_tree clean
  fi
  cache-patterns::_key
  printf '%s\n' "$REPLY" >"$CACHE_PATTERNS.key"
}

cache-patterns::_key() { REPLY="${JOB[root]} $(<"$RUN/inputs")"; }

cache-patterns::of_tools() { # sets WORDS: the patterns without the project's own list, of which koalaci cannot know whether it is to be shipped
  local pattern
  WORDS=()
  while IFS= read -r pattern && [[ $pattern != '#'* ]]; do WORDS+=("$pattern"); done <"$CACHE_PATTERNS"
}

cache-patterns::inside() { # usage: cache-patterns::inside DIRECTORY PATTERN…; sets WORDS: the caches in that directory of the workspace, relative to it
  local path
  local -a all=()
  cache-patterns::_list "$@"
  all=("${WORDS[@]}") WORDS=()
  for path in "${all[@]}"; do
    # Git names a directory of nothing but caches before those: it is none itself.
    if ((${#WORDS[@]})) && [[ $path == "${WORDS[-1]}"/* ]]; then unset 'WORDS[-1]'; fi
    WORDS+=("$path")
  done
}

cache-patterns::all_of() { # as cache-patterns::inside, but a directory of nothing but caches stands for those
  local path
  local -a all=()
  cache-patterns::_list "$@"
  all=("${WORDS[@]}") WORDS=()
  for path in "${all[@]}"; do
    if ((${#WORDS[@]} == 0)) || [[ $path != "${WORDS[-1]}"/* ]]; then WORDS+=("$path"); fi
  done
}

cache-patterns::_list() { # sets WORDS: what git names
  local directory=$1 below path
  local -a patterns=("${@:2}")
  # Not the project's .git, which its build may have damaged. It may have made anything of the index too, such as a pipe.
  local index=$WORKSPACE/.git/index
  [[ -f $index ]] || index=$NO_HOME/index
  local -a git=(env "GIT_INDEX_FILE=$index" git "--git-dir=$STORE" "--work-tree=$WORKSPACE" -C "$WORKSPACE")
  WORDS=()
  below=${directory#"$WORKSPACE"} below=${below#/}
  while IFS= read -r -d '' path; do
    # If the directory is itself a cache, or inside one, git names that one: it is no part of the directory.
    path=${path%/}
    if [[ -n $below && $path != "$below"/* ]]; then continue; fi
    path=${path#"${below:+$below/}"}
    WORDS+=("$path")
  done < <(run_as_build "${git[@]}" ls-files -z --others --ignored --directory "${patterns[@]/#/--exclude=}" \
    -- "${below:-.}" 2>/dev/null)
}

cache-patterns::paths() { # usage: cache-patterns::paths [home]; sets WORDS: the tool caches that exist, absolute; with home, downloads too
  local what=${1:-} path
  local -a found=() patterns
  mapfile -t patterns <"$CACHE_PATTERNS"
  cache-patterns::inside "$WORKSPACE" "${patterns[@]}"
  for path in "${WORDS[@]}"; do found+=("$WORKSPACE/$path"); done
  while IFS= read -r path; do
    path=/home/build/$path
    if [[ -e $path && ($what == home || $path == */.cache/koalaci/*) ]]; then found+=("$path"); fi
  done < <(run_at_home /koala/steps/tool-caches.sh home)
  WORDS=("${found[@]}")
}

cache-patterns::drop() { # usage: cache-patterns::drop PATH…; removes caches, each as a whole
  local path
  local -a gone=("$@")
  for path in "$@"; do
    case $path in
      # Nx keeps in one directory which entries there are in the other. It would believe that they are there.
      */.nx/*) gone+=("${path%/*}"/*) ;;
      # Turborepo has two files for an entry.
      */.turbo/cache/*.tar.zst) gone+=("${path%.tar.zst}-meta.json") ;;
    esac
  done
  (($# == 0)) || run_as_build rm -rf -- "${gone[@]}"
}
