#!/usr/bin/env bash
# The Node versions and package managers that builds have fetched, beside those of the image; a library of the step toolchain.
#
# A range is answered as in a clean build, which has none of them: by the image, else by the registry.
set -Eeuo pipefail

# Their directories, one per line.
readonly FETCHED=$STATE/fetched
# It exists if the registry was asked what a range means.
readonly ASKED=$STATE/asked
# So old may the registry's answer be, in minutes.
declare -ri MOST_MINUTES=$((24 * 60))

fetched::note() { # usage: fetched::note DIRECTORY; before it is fetched
  [[ -e $1 ]] || printf '%s\n' "$1" >>"$FETCHED"
}

fetched::asked() { : >"$ASKED"; } # before the registry is asked for what a range means

fetched::other_nodes() { # prints the directories of the image's own Nodes
  printf '%s\n' /koala/node/[0-9]* | grep -vxFf <(cat "$FETCHED" 2>/dev/null) || true
}

fetched::is_old() { # usage: fetched::is_old FILE; whether the registry may have a newer version than the answer in that file
  [[ -e $ASKED && -n $(find "$1" -mmin +$MOST_MINUTES) ]]
}

fetched::drop_unused() { # removes those that this build did not use: each version is larger than most projects
  local directory
  local -a used=()
  [[ -f $FETCHED ]] || return 0
  while IFS= read -r directory; do
    if [[ :${FACTS[path]} == *":$directory/"* ]]; then used+=("$directory"); else rm -rf -- "$directory"; fi
  done < <(sort -u "$FETCHED")
  if ((${#used[@]})); then printf '%s\n' "${used[@]}" >"$FETCHED"; else rm "$FETCHED"; fi
}
