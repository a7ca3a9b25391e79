#!/usr/bin/env bash
# What a project is, and what `auto` in a job's build command and dist directory stands for; a library. detection/detect.mjs finds it out.
set -Eeuo pipefail

detection::decide() { # sets facts for what the job leaves open, and says why; before any code of the project runs
  local root=${FACTS[project]#"$WORKSPACE"}
  local -a found
  if [[ ${JOB[command]} != auto && ${JOB[dist]} != auto ]]; then return 0; fi
  lib::load_facts
  mapfile -d '' -t found < <(run_as_build node "$STEPS/detection/main.mjs" "$WORKSPACE" "${root#/}" "${FACTS[manager]}")
  ((${#found[@]} == 9)) || fail internal 'the project could not be looked at' 'This is a bug in koalaci; please report it, with the log.'
  echo "koalaci: framework: ${found[1]:-unknown} (${found[2]})"
  if [[ ${JOB[command]} == auto ]]; then
    detection::_take command 'build command' build_failed project_build_command "${found[@]:3:3}"
    detection::_has_program "${found[1]}" "${found[4]}"
  fi
  if [[ ${JOB[dist]} == auto ]]; then
    detection::_take dist 'dist directory' dist_missing project_dist_directory "${found[@]:6:3}"
  fi
  fact note "${FACTS[note]}${found[1]:+, ${found[1]}}"
}

detection::_take() { # usage: … NAME WORDS REASON FIELD KNOWN VALUE WHY
  [[ -n $5 ]] || fail "$3" "koalaci cannot tell the $2: $7" "Set $4 to it. \"koalaci detect\" in the project says what koalaci sees."
  echo "koalaci: $2: ${6:-none} ($7)"
  fact "auto_$1" "$6"
}

detection::_has_program() { # usage: … FRAMEWORK COMMAND; fails if the image has not got the generator of a project without dependencies
  local program=${2%% *}
  if [[ ${FACTS[manager]} != none || -z $program || $program == */* ]] || lib::program "$program"; then return 0; fi
  fail build_failed "$1 needs $program, which the builder image does not have" \
    'Have the operator set KOALACI_IMAGE to an image with it, or set project_build_command to commands that fetch it.'
}

detection::print() { # prints all that is found, as JSON; for a container that does nothing else
  local root=${FACTS[project]#"$WORKSPACE"}
  run_as_build node "$STEPS/detection/print.mjs" "$WORKSPACE" "${root#/}"
}

detection::adopt() { # gives later steps the job as it was decided; for the entrypoint
  JOB[command]=${FACTS[auto_command]-${JOB[command]}}
  JOB[dist]=${FACTS[auto_dist]-${JOB[dist]}}
}
