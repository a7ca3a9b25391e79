#!/usr/bin/env bash
# The yarn that is part of a project: yarnPath in .yarnrc.yml, or yarn-path in .yarnrc; a library of the step toolchain.
#
# Any yarn would start that file. koalaci does it itself: an older Node could not run the image's yarn, and the file's version is
# what is reported.
# shellcheck disable=SC2034 # manager-version.sh uses what it sets
set -Eeuo pipefail

# It has the launchers; its place is the same for all versions.
readonly YARN_OF_PROJECT=/koala/tools/yarn-of-project

yarn-path::choose() { # usage: yarn-path::choose NAME; sets what manager-version::choose sets, if the project has a yarn
  local directory=${FACTS[project]} from path
  [[ $1 == yarn ]] || return 1
  while ! yarn-path::_read "$directory"; do
    [[ $directory != "$WORKSPACE" ]] || return 1
    directory=${directory%/*}
  done
  from=$WHERE path=$(run_as_build realpath -qe -- "$directory/$REPLY") || path=''
  [[ -n $path ]] || fail install_failed "there is no $REPLY, which $from names" 'Commit the file, or remove the setting.'
  [[ -f $path && $path == "$WORKSPACE"/* && $path != "$WORKSPACE"/.git/* ]] ||
    fail install_failed "$REPLY, which $from names, is not a file of the project" 'Correct the setting.'
  VERSION=$(yarn-path::_version "$path")
  WHY=$from TOOL=$YARN_OF_PROJECT
  if [[ -n $VERSION ]] && manager::of_version yarn "$VERSION"; then FLAVOUR=$REPLY; fi
  VERSION=${VERSION:-${path##*/}}
  yarn-path::_launchers "$path"
}

yarn-path::_read() { # usage: yarn-path::_read DIRECTORY; sets REPLY to the path that is written there, relative to it, and WHERE
  local file found
  for file in "$1/.yarnrc.yml" "$1/.yarnrc"; do
    lib::exists "$file" || continue
    found=$(run_as_build grep -nE -m 1 "^(yarnPath:|\"?yarn-path\"?)[[:space:]]*[^[:space:]#]" "$file") || continue
    WHERE="${file#"$WORKSPACE/"} line ${found%%:*}"
    REPLY=$(sed -E "s/^[0-9]+:(yarnPath:|\"?yarn-path\"?)[[:space:]]*//; s/[[:space:]]+#.*//; s/[[:space:]]+$//; s/^[\"'](.*)[\"']$/\1/" <<<"$found")
    return 0
  done
  return 1
}

yarn-path::_version() { # usage: yarn-path::_version FILE; prints the version that the file says it is, or else its name says
  local found
  # Not by running it: it is the project's.
  found=$(run_as_build grep -oE -m 1 'name"?:"(@yarnpkg/cli|yarn)",("installationMethod":"[a-z]+",)?"?version"?:"[0-9][^"]*"' "$1" | head -n 1) || true
  if [[ -z $found ]]; then found=${1##*/} && found=${found%.*js}; fi
  grep -oE '[0-9]+\.[0-9]+\.[0-9]+[-+.0-9A-Za-z]*' <<<"$found" || true
}

yarn-path::_launchers() { # usage: yarn-path::_launchers FILE
  local name
  mkdir -p "$YARN_OF_PROJECT/shims"
  for name in yarn yarnpkg; do
    printf '#!/bin/bash\nYARN_IGNORE_PATH=1 exec node %q "$@"\n' "$1" >"$YARN_OF_PROJECT/shims/$name"
    chmod 0755 "$YARN_OF_PROJECT/shims/$name"
  done
}
