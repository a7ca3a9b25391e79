#!/usr/bin/env bash
# Step artifact: finds the dist directory, checks that it is inside the project, and packs it; a library.
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
}

artifact::pack() { # usage: artifact::pack DIRECTORY; prints it as a tar
  local directory=$1
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build bash -c 'chmod -R u+rwX -- "$1" && exec tar --create --sort=name --directory="$1" .' bash "$directory"
}

artifact::clear() { # removes the dist directory, to keep it out of the snapshot, unless it is also a tool's cache
  local dist=${FACTS[dist]} name
  local -a kept
  # If dist is the whole project, it stays: the snapshot needs the project, and the next checkout restores its files anyway.
  if [[ $WORKSPACE/ == "$dist"/* || ${FACTS[project]}/ == "$dist"/* ]]; then return 0; fi
  mapfile -t kept < <(run_as_build /koala/steps/tool-caches.sh "${JOB[root]}")
  for name in "${kept[@]}"; do
    name=${name#\*\*/}
    if [[ $dist == */"${name%/}" ]]; then return 0; fi
  done
  run_as_build rm -rf -- "$dist"
}

artifact::advice() { # prints a remedy with the usual dist directories that exist
  local name found=
  for name in dist build out public .output/public _site www; do
    if [[ -d ${FACTS[project]}/$name ]]; then found+=" $name"; fi
  done
  echo "Check that the build command writes there, and project_dist_directory.${found:+ There is:$found.}"
}
