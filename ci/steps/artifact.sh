#!/usr/bin/env bash
# Step artifact: finds the dist directory, sees to it that it lies in the project, and packs it; a library.
set -Eeuo pipefail

step::artifact() {
  local wanted dist
  wanted=${JOB[dist]}
  dist=$(run_as_build realpath -qe -- "${FACTS[project]}/$wanted") ||
    fail dist_missing "there is no $wanted after the build" "$(artifact::advice)"
  [[ -d $dist ]] || fail dist_missing "$wanted is a file, not a directory" "$(artifact::advice)"
  [[ $dist == "$WORKSPACE" || $dist == "$WORKSPACE"/* ]] ||
    fail dist_missing "$wanted leads out of the project, to $dist" 'It has to be a directory inside the project.'
  fact dist "$dist"
}

artifact::pack() { # usage: artifact::pack DIRECTORY; prints it as a tar
  local directory=$1
  # shellcheck disable=SC2016 # the inner shell's
  run_as_build bash -c 'chmod -R u+rwX -- "$1" && exec tar --create --sort=name --directory="$1" .' bash "$directory"
}

artifact::clear() { # no snapshot holds the dist directory, unless it is a tool's cache too
  local dist=${FACTS[dist]} name
  local -a kept
  # The whole project is what a snapshot is about; its files are compared with the commit's anyway.
  if [[ $WORKSPACE/ == "$dist"/* || ${FACTS[project]}/ == "$dist"/* ]]; then return 0; fi
  mapfile -t kept < <(run_as_build /koala/steps/tool-caches.sh "${JOB[root]}")
  for name in "${kept[@]}"; do
    name=${name#\*\*/}
    if [[ $dist == */"${name%/}" ]]; then return 0; fi
  done
  run_as_build rm -rf -- "$dist"
}

artifact::advice() { # names the usual directories that are there
  local name found=
  for name in dist build out public .output/public _site www; do
    if [[ -d ${FACTS[project]}/$name ]]; then found+=" $name"; fi
  done
  echo "Check that the build command writes there, and project_dist_directory.${found:+ There is:$found.}"
}
