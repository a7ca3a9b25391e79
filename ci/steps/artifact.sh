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
  local directory=$1
  artifact::without
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build bash -c "$(declare -f artifact::prepare artifact::write)"'
    set -Eeuo pipefail
    artifact::prepare "$1" | artifact::write "$@"' bash "$directory" "${WORDS[@]/#/--exclude=./}"
}

artifact::without() { # sets WORDS: the paths in the dist directory that are not shipped
  local path
  WORDS=()
  while IFS= read -r -d '' path; do
    [[ -z $path ]] || WORDS+=("$path")
  done <"$RUN/unshipped"
}

artifact::is_listed() { # whether the runner wants a list of what is shipped, and then only what it has not
  [[ -n ${JOB[list_entries]:-} ]]
}

artifact::list() { # usage: artifact::list DIRECTORY; prints the list, and returns when it is complete; the lister then waits for artifact::send
  local directory=$1
  artifact::without
  # The list goes where this prints, past the pipe of the coprocess.
  exec {LISTED}>&1
  coproc LISTER { artifact::lister "$directory" "${WORDS[@]}"; }
  # Copies: bash closes its own when the lister ends.
  LISTER_ID=$! && exec {LISTED}>&- {LISTER_OUT}<&"${LISTER[0]}" {LISTER_IN}>&"${LISTER[1]}"
  read -r -u "$LISTER_OUT" || artifact::lister_ended
}

artifact::lister() { # usage: artifact::lister DIRECTORY WITHOUT…; becomes the program that lists what is shipped
  local directory=$1
  exec {CONTROL}>&- {RUNNER}<&- 3>&"$LISTED" {LISTED}>&- 2>"$RUN/pack"
  exec "${AS_BUILD[@]}" "HOME=$NO_HOME" python3 -I "$STEPS/artifact-list.py" "$directory" "${JOB[cpus]}" \
    "${JOB[list_entries]}" "${JOB[list_bytes]}" "${@:2}"
}

artifact::send() { # prints the contents that are wanted, one after the other
  protocol::read_wanted >&"$LISTER_IN"
  exec {LISTER_IN}>&- {LISTER_OUT}<&-
  artifact::lister_ended
}

artifact::lister_ended() { # returns the exit code of the lister, once it has ended
  local rc=0
  entrypoint::await "$LISTER_ID" || rc=$?
  return "$rc"
}

artifact::prepare() { # usage: artifact::prepare DIRECTORY; lets tar read all of it; prints the links in it, each ended by a NUL
  # Only what needs another mode: a change of mode counts as one of the file (tree.sh).
  find "$1" -type d -not -perm -u=rwx -exec chmod u+rwx {} \; -o -type f -not -perm -u=rw -exec chmod u+rw {} + \
    -o -type l -printf '%P\0'
}

artifact::write() { # usage: artifact::write DIRECTORY EXCLUDE… <LINKS; writes the tar, with the links that had to be rewritten at its end
  local directory=$1 work
  local -a links tar=(tar --create --sort=name --anchored --no-wildcards "${@:2}")
  # Up to their end: then all of the directory can be read.
  mapfile -d '' -t links
  if ((${#links[@]} == 0)); then
    "${tar[@]}" --directory="$directory" .
    return
  fi
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # it is a local variable
  trap "rm -rf '$work'" EXIT
  printf '%s\0' "${links[@]}" | python3 -I /koala/steps/artifact_links.py "$directory" "$work"
  "${tar[@]}" --exclude-from="$work/without" --transform='s,^links/,./,SH' --directory="$directory" . \
    --directory="$work" --no-recursion --null --files-from="$work/members"
}

artifact::advice() { # prints a remedy with the usual dist directories that exist
  local name found=
  for name in dist build out public .output/public _site www; do
    if [[ -d ${FACTS[project]}/$name ]]; then found+=" $name"; fi
  done
  echo "Check that the build command writes there, and project_dist_directory.${found:+ There is:$found.}"
}
