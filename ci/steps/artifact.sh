#!/usr/bin/env bash
# Step artifact: finds the dist directory, and sees to it that it lies in the project; a library.
set -Eeuo pipefail

step::artifact() {
  local wanted dist
  wanted=${JOB[dist]}
  dist=$(as_build realpath -qe -- "${FACTS[project]}/$wanted") ||
    fail dist_missing "there is no $wanted after the build" "$(artifact::advice)"
  [[ -d $dist ]] || fail dist_missing "$wanted is a file, not a directory" "$(artifact::advice)"
  [[ $dist == "$WORKSPACE" || $dist == "$WORKSPACE"/* ]] ||
    fail dist_missing "$wanted leads out of the project, to $dist" 'It has to be a directory inside the project.'
  artifact::set_aside "$dist"
}

artifact::set_aside() { # usage: artifact::set_aside DIRECTORY; out of the workspace, so that no snapshot holds it
  local dist=$1
  # The whole project is shipped from where it is; it would be fetched anew anyway.
  if [[ $WORKSPACE/ == "$dist"/* || ${FACTS[project]}/ == "$dist"/* ]]; then fact dist "$dist" && return; fi
  as_build mv -T -- "$dist" /koala/out/dist
  fact dist /koala/out/dist
}

artifact::advice() { # names the usual directories that are there
  local name found=
  for name in dist build out public .output/public _site www; do
    if [[ -d ${FACTS[project]}/$name ]]; then found+=" $name"; fi
  done
  echo "Check that the build command writes there, and project_dist_directory.${found:+ There is:$found.}"
}
