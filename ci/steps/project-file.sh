#!/usr/bin/env bash
# What the project's koalaci.json says of the job, where that is `auto`; a library. detection/project-file.mjs reads it. Its command and its
# dist directory come with all that is detected.
set -Eeuo pipefail

project-file::ask() { # sets facts for root, package manager and Node, and says so; before anything else looks at the project
  local file problem root manager node others
  local -a said
  if [[ -n ${JOB[detect]:-} || (${JOB[command]} != auto && ${JOB[dist]} != auto && ${JOB[manager]} != auto) ]]; then return 0; fi
  project-file::_is_there || return 0
  mapfile -d '' -t said < <(run_as_build node "$STEPS/detection/own.mjs" "$WORKSPACE" "${JOB[root]}")
  ((${#said[@]} == 6)) || return 0
  file=${said[0]} problem=${said[1]} root=${said[2]} manager=${said[3]} node=${said[4]} others=${said[5]}
  [[ -z $problem ]] || fail source_failed "$file cannot be used: $problem" "Correct $file."
  [[ -z $others ]] || echo "koalaci: $file: $others: not taken from it"
  if [[ ${JOB[root]} == . && $root != . ]]; then project-file::_take root "$root" project_root "$file"; fi
  if [[ ${JOB[manager]} == auto && -n $manager ]]; then project-file::_take manager "$manager" project_package_manager "$file"; fi
  if [[ -z ${JOB[node]:-} && -n $node ]]; then
    project-file::_take node "$node" node_version "$file"
    fact node_in "$file"
  fi
}

project-file::_is_there() { # whether there is one from the project's root upwards
  local directory=$WORKSPACE/${JOB[root]}
  while :; do
    if lib::exists "$directory/koalaci.json"; then return 0; fi
    if [[ $directory != "$WORKSPACE"/* ]]; then return 1; fi
    directory=${directory%/*}
  done
}

project-file::_take() { # usage: … NAME VALUE FIELD FILE; the step itself needs it, and so do later ones
  JOB[$1]=$2
  fact "own_$1" "$2"
  echo "koalaci: $3: $2 ($4)"
}

project-file::adopt() { # gives later steps the job as the project completes it; for the entrypoint
  JOB[root]=${FACTS[own_root]-${JOB[root]}}
  JOB[manager]=${FACTS[own_manager]-${JOB[manager]}}
  JOB[node]=${FACTS[own_node]-${JOB[node]:-}}
}
