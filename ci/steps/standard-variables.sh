#!/usr/bin/env bash
# The variables in which a build finds what it is a build of; a library of the steps install and build.
#
# Most of them differ in each build. So installs do not have them: an install whose scripts had read them could never be skipped.
set -Eeuo pipefail

declare -a STANDARD_VARIABLES=()

standard-variables::add() { # adds them to BUILD_ENV, where those of the job's own env come later and win
  local environment=preview ref=KOALACI_BRANCH default
  default-branch::await
  default=${JOB[default_branch]:-${FACTS[default_branch]:-}}
  if [[ -n ${FACTS[detached]:-} ]]; then ref=KOALACI_TAG
  elif [[ ${JOB[branch]} == "$default" ]]; then environment=production; fi
  STANDARD_VARIABLES=("KOALACI_COMMIT=${FACTS[commit]}" "$ref=${JOB[branch]}" "KOALACI_ENVIRONMENT=$environment"
    "KOALACI_DEPLOYMENT=${JOB[deployment]}" "KOALACI_PROJECT=${JOB[project]}")
  BUILD_ENV+=("${STANDARD_VARIABLES[@]}")
}

standard-variables::in_use() { # prints them if the project names one: then what a tool has kept may hold its value
  if run_as_build git -C "$WORKSPACE" grep -qF KOALACI_; then printf '%s\0' "${STANDARD_VARIABLES[@]}"; fi
}
