#!/usr/bin/env bash
# The patterns of the project's tool caches, in a file that outlives the build: finding them takes longer than reading them; a
# library.
set -Eeuo pipefail

# As in .gitignore, from the workspace's root. The build user can read it.
readonly CACHE_PATTERNS=$STATE/tool-caches

cache-patterns::refresh() { # before the project's own code runs, which could change the manifests
  local key
  key="${JOB[root]} $(<"$RUN/inputs")"
  if [[ -f $CACHE_PATTERNS && -f $CACHE_PATTERNS.key && $(<"$CACHE_PATTERNS.key") == "$key" ]]; then return 0; fi
  run_as_build /koala/steps/tool-caches.sh patterns "${JOB[root]}" >"$RUN/tool-caches"
  if [[ ! -f $CACHE_PATTERNS ]]; then cat "$RUN/tool-caches" >"$CACHE_PATTERNS"
  elif ! cmp -s "$RUN/tool-caches" "$CACHE_PATTERNS"; then
    cat "$RUN/tool-caches" >"$CACHE_PATTERNS"
    # The last build left the caches of the tools that the project had then.
    as_tree clean
  fi
  printf '%s\n' "$key" >"$CACHE_PATTERNS.key"
}

cache-patterns::inside() { # usage: cache-patterns::inside DIRECTORY; sets WORDS: the caches in that directory of the workspace, relative to it
  local directory=$1 below path
  WORDS=()
  below=${directory#"$WORKSPACE"} below=${below#/}
  while IFS= read -r -d '' path; do
    # If the directory is itself a cache, or inside one, git names that one: it is no part of the directory.
    path=${path%/}
    if [[ -z $below ]]; then WORDS+=("$path")
    elif [[ $path == "$below"/* ]]; then WORDS+=("${path#"$below"/}")
    fi
  done < <(run_as_build git -C "$WORKSPACE" ls-files -z --others --ignored --directory --exclude-from="$CACHE_PATTERNS" \
    -- "${below:-.}" 2>/dev/null)
}
