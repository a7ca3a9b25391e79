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
  # shellcheck disable=SC2016 # the inner shell expands it
  run_as_build bash -c "$(declare -f artifact::prepare artifact::write)"'
    set -Eeuo pipefail
    artifact::prepare "$1" | artifact::write "$@"' bash "$directory" "${without[@]}"
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
  printf '%s\0' "${links[@]}" | python3 -I /koala/steps/artifact-links.py "$directory" "$work"
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
