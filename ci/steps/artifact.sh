#!/usr/bin/env bash
# Step artifact: finds the dist directory, checks that it is inside the project, and packs it; a library.
#
# A tool's cache in the dist directory is not part of what is shipped, but stays for the next build.
set -Eeuo pipefail

step::artifact() {
  local wanted dist
  wanted=${JOB[dist]}
  dist=$(run_as_build realpath -qe -- "${FACTS[project]}/$wanted") ||
    fail dist_missing "the build left no $wanted" "$(artifact::advice)"
  [[ -d $dist ]] || fail dist_missing "$wanted is a file, not a directory" "$(artifact::advice)"
  [[ $dist == "$WORKSPACE" || $dist == "$WORKSPACE"/* ]] ||
    fail dist_missing "$wanted leads out of the project, to $dist" 'Set project_dist_directory to a directory inside the project.'
  fact dist "$dist"
  cache-patterns::of_tools
  cache-patterns::all_of "$dist" "${WORDS[@]}"
  printf '%s\0' "${WORDS[@]}" >"$RUN/unshipped"
  artifact::tell_unshipped "${WORDS[@]}"
  kept-lockfile::inside "$dist"
  printf '%s\0' "${WORDS[@]}" >>"$RUN/unshipped"
}

artifact::tell_unshipped() { # usage: artifact::tell_unshipped PATH…; says in the log which caches are left out
  local -i most=5
  local -a shown=("${@:1:most}")
  (($#)) || return 0
  local list="${shown[*]/#/${JOB[dist]%/}/}"
  if (($# > most)); then list+=" and $(($# - most)) more"; fi
  echo "koalaci: not shipped, because tools keep their caches there: $list"
}

artifact::pack() { # usage: artifact::pack DIRECTORY; prints it as a tar
  local directory=$1 path
  local -a without=()
  while IFS= read -r -d '' path; do
    [[ -z $path ]] || without+=("--exclude=./$path")
  done <"$RUN/unshipped"
  # Only what needs another mode: a change of mode counts as one of the file (tree.sh).
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build bash -c 'find "$1" -type d -not -perm -u=rwx -exec chmod u+rwx {} \; -o -type f -not -perm -u=rw -exec chmod u+rw {} + &&
    exec tar --create --sort=name --directory="$1" --anchored --no-wildcards "${@:2}" .' \
    bash "$directory" "${without[@]}"
}

artifact::advice() { # prints a remedy with the usual dist directories that exist
  local name found=
  for name in dist build out public .output/public _site www; do
    if [[ -d ${FACTS[project]}/$name ]]; then found+=" $name"; fi
  done
  echo "Check that the build command writes there, and project_dist_directory.${found:+ There is:$found.}"
}
