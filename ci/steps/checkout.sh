#!/usr/bin/env bash
# Makes the working tree of a commit, as the build user: files, submodules, LFS. Called by the step source.
#
# The .git directory is made anew each time and borrows its objects from root's store: whatever a build did to its own
# .git (hooks, filters, remotes) is gone, and git works in the project as it does in a clone.
set -Eeuo pipefail
cd /workspace

main() { # usage: main STORE SHA BRANCH URL
  local store=$1 sha=$2 branch=$3 url=$4
  rm -rf .git
  git init --quiet --template= --initial-branch="$branch" .
  mkdir -p .git/objects/info
  printf '%s\n' "$store/objects" >.git/objects/info/alternates
  [[ ! -f $store/shallow ]] || cp "$store/shallow" .git/shallow
  printf '%s refs/heads/%s\n' "$sha" "$branch" >.git/packed-refs
  git config remote.origin.url "$url"
  git reset --quiet --hard
  [[ ! -f .gitmodules ]] || checkout::submodules
}

checkout::submodules() {
  local -a update=(git submodule --quiet update --init --recursive)
  # A server may refuse a commit that no branch points to; the whole history has it.
  "${update[@]}" --depth 1 || "${update[@]}"
}

main "$@"
