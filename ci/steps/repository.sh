#!/usr/bin/env bash
# The project's .git directory, which each build gets anew: nothing that a build did to it (hooks, filters, remotes) remains.
# It borrows its objects from root's store, so git works in the project as it does in a clone. A library for the build user, in
# the workspace.
set -Eeuo pipefail

readonly STORE=/koala/git

repository::write() { # usage: repository::write SHA BRANCH URL; writes .git as git init and git config would; without a branch, HEAD is detached
  local sha=$1 branch=$2 url=$3
  rm -rf .git
  mkdir -p .git/objects/info .git/refs/heads
  printf '%s\n' "$STORE/objects" >.git/objects/info/alternates
  # history.sh writes these two.
  if [[ -s $STORE/project-shallow ]]; then cp "$STORE/project-shallow" .git/shallow
  elif [[ -f $STORE/project-shallow ]]; then : >.git/shallow; fi
  { [[ ! -s $STORE/packed-refs ]] || grep -v '^#' "$STORE/packed-refs" || true; } >.git/packed-refs
  if [[ -z $branch ]]; then printf '%s\n' "$sha" >.git/HEAD; else
    printf 'ref: refs/heads/%s\n' "$branch" >.git/HEAD
    printf '%s refs/heads/%s\n' "$sha" "$branch" >>.git/packed-refs
  fi
  repository::configure "$url"
}

repository::configure() { # usage: repository::configure URL; writes .git/config, without what programs have noted there
  local url=$1 version=0 format='' promises='' config
  # A query may hold a token, and the snapshot keeps this file.
  if [[ $url == http*://* ]]; then url=${url%%[?#]*}; fi
  url=${url//\\/\\\\}
  config=$(<"$STORE/config")
  if [[ ${config,,} == *'objectformat = sha256'* ]]; then version=1 format=$'[extensions]\n\tobjectformat = sha256\n'; fi
  # What is missing of older commits is at the remote.
  if [[ -f $STORE/without-large ]]; then promises=$'\tpromisor = true\n'; fi
  # git would show more digits of a commit where there are more objects, and the store of a warm build may have more.
  # git-lfs would write its section as soon as git compares a file of its own.
  printf '[core]\n\trepositoryformatversion = %d\n\tbare = false\n\tabbrev = 7\n%s[remote "origin"]\n\turl = "%s"\n%s[lfs]\n\trepositoryformatversion = 0\n' \
    "$version" "$format" "${url//\"/\\\"}" "$promises" >.git/config
}

repository::whole_seconds() { # usage: repository::whole_seconds FILE; after a checkout: gives files newer than FILE a time in whole seconds
  # Images store no fractions of a second, so a snapshot would change other times.
  local began=$1
  find . \( -path ./.git -o -name node_modules \) -prune -o -newer "$began" -not -type d \
    -exec touch --no-dereference --date="@$EPOCHSECONDS" -- {} +
  repository::note_times
}

repository::note_times() { # has the index know the times of files, as after git's own checkout: else git's plumbing takes them for changed
  git update-index -q --refresh --ignore-submodules
}

repository::modes() { # sets modes of what git tracks as a checkout does; git itself compares only the owner's x bit of files
  { printf '.\0' && git ls-tree -r -d -z --name-only HEAD; } |
    find_each -maxdepth 0 -type d -not -perm 755 -exec chmod 755 {} \; 2>/dev/null || true
  git ls-files -z | find_each -maxdepth 0 -type f \
    \( -perm -u=x -not -perm 755 -exec chmod 755 {} + -o -not -perm -u=x -not -perm 644 -exec chmod 644 {} + \) 2>/dev/null || true
}

repository::forget_submodules() { # usage: repository::forget_submodules COMMIT…; removes their submodules: their git data went with our old .git
  local commit
  # Most projects have none; one process is enough to find out.
  printf '%s:.gitmodules\n' "$@" | git cat-file --batch-check | grep -qv ' missing$' || return 0
  for commit in "$@"; do repository::remove_submodules "$commit"; done
}

repository::remove_submodules() { # usage: repository::remove_submodules COMMIT; as forget_submodules, also of those that .gitmodules does not name
  git ls-tree -r -z "$1" | sed -zn 's/^160000 [^\t]*\t//p' | xargs -0r rm -rf --
}

find_each() { # usage: find_each TESTS… <PATHS; runs find on each of these paths, which are ended by a NUL and may begin with a dash
  # shellcheck disable=SC2185
  sed -z 's|^|./|' | find -files0-from - "$@"
}
