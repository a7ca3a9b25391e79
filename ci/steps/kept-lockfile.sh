#!/usr/bin/env bash
# What a package manager has resolved for a project without a lockfile. It holds while the install would ask the registry the
# same, for a day at most: as koalaci itself asks again for what a range means. A library of the step install.
#
# The lockfile is not the project's: it is in the tree only while the install runs, or while the build does if the package
# manager's own programs want it; git does not list it, and it is not shipped. Settling removes it: nobody owns it.
#
# $STATE/resolved            the question; its time is that of the answer
# $STATE/resolved.tar        the lockfiles that the package manager wrote; $STATE/resolved.paths: their paths, each ended by a NUL
set -Eeuo pipefail

readonly RESOLVED=$STATE/resolved

kept-lockfile::holds() { # whether what was resolved may be used again
  [[ -f $RESOLVED && $(<"$RESOLVED") == "$(install-key::known)" && -z $(find "$RESOLVED" -mmin +"$MOST_MINUTES") ]]
}

kept-lockfile::forget() { rm -f "$RESOLVED"{,.tar,.paths}; }

kept-lockfile::put() { # writes the lockfiles into the tree
  [[ ! -f $RESOLVED.tar ]] || run_as_build tar --extract --directory="$WORKSPACE" --file=- <"$RESOLVED.tar"
}

kept-lockfile::take() { # usage: kept-lockfile::take FLAVOUR; after an install: takes the lockfiles out of the tree, and keeps them
  local names=() path inputs
  install-key::inputs && inputs=$'\n'$REPLY$'\n'
  manager::call "$1" lockfiles && names=("${WORDS[@]}")
  [[ -f $RESOLVED ]] || install-key::known >"$RESOLVED"
  : >"$RUN/resolved.paths"
  while IFS= read -r -d '' path; do
    # Not one that a script has made somewhere else.
    if kept-lockfile::_is_of_package "${path%"${path##*/}"}" "$inputs"; then printf '%s\0' "$path" >>"$RUN/resolved.paths"; fi
  done < <(as_tree named "${names[@]}")
  rm -f "$RESOLVED"{.tar,.paths}
  [[ -s $RUN/resolved.paths ]] || return 0
  run_as_build tar --create --directory="$WORKSPACE" --null --verbatim-files-from --files-from=- \
    <"$RUN/resolved.paths" >"$RESOLVED.tar"
  cat "$RUN/resolved.paths" >"$RESOLVED.paths"
  (cd -- "$WORKSPACE" && run_as_build xargs -0 rm -f -- <"$RUN/resolved.paths")
}

kept-lockfile::_is_of_package() { # usage: … DIRECTORY INPUTS; whether that directory, with a slash at its end, has a package of the project; INPUTS: a line for each path
  local name
  if [[ $WORKSPACE/$1 == "$INSTALL_ROOT/" ]]; then return 0; fi
  for name in "${MANIFESTS[@]}"; do
    if [[ $2 == *$'\n'"$1$name"$'\n'* ]]; then return 0; fi
  done
  return 1
}

kept-lockfile::show() { # usage: kept-lockfile::show FLAVOUR; for the build: where programs of the package manager want the lockfile, it is in the tree
  if [[ ! -f $RESOLVED.paths ]] || ! manager::call "$1" wants_lockfile; then return 0; fi
  kept-lockfile::put
  run_as_build mkdir -p "$WORKSPACE/.git/info"
  sed -z 's|[][*?\\ #!]|\\&|g; s|^|/|' "$RESOLVED.paths" | tr '\0' '\n' |
    run_as_build tee -a "$WORKSPACE/.git/info/exclude" >/dev/null
}

kept-lockfile::drop_secret() { # before the snapshot is saved
  if [[ -f $RESOLVED.tar ]] && tool-caches::holds_secret "$RESOLVED.tar"; then kept-lockfile::forget; fi
}

kept-lockfile::inside() { # usage: kept-lockfile::inside DIRECTORY; sets WORDS: those below that directory of the workspace, relative to it
  local path
  WORDS=()
  [[ -f $RESOLVED.paths ]] || return 0
  while IFS= read -r -d '' path; do
    path=$WORKSPACE/$path
    if [[ $path == "$1"/* ]]; then WORDS+=("${path#"$1"/}"); fi
  done <"$RESOLVED.paths"
}
