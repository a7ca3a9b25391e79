#!/usr/bin/env bash
# Makes the working tree of a commit, as the build user: files, submodules, LFS. Called by the step source.
#
# The .git directory is made anew each time and borrows its objects from root's store: whatever a build did to its own
# .git (hooks, filters, remotes) is gone, and git works in the project as it does in a clone.
set -Eeuo pipefail
cd /workspace

main() { # usage: main STORE SHA BRANCH URL [PREVIOUS_SHA]; with the last build's commit, its tree is there and becomes this one
  local store=$1 sha=$2 branch=$3 url=$4 previous=${5:-}
  rm -rf .git
  git init --quiet --template= --initial-branch="$branch" .
  mkdir -p .git/objects/info
  printf '%s\n' "$store/objects" >.git/objects/info/alternates
  [[ ! -f $store/shallow ]] || cp "$store/shallow" .git/shallow
  printf '%s refs/heads/%s\n' "$sha" "$branch" >.git/packed-refs
  git config remote.origin.url "$url"
  [[ -z $previous ]] || checkout::compare "$previous" "$sha"
  : >/tmp/mark
  git reset --quiet --hard
  checkout::whole_seconds /tmp/mark
  [[ -z $previous ]] || checkout::clean
  [[ ! -f .gitmodules ]] || checkout::submodules
}

checkout::compare() { # usage: checkout::compare PREVIOUS SHA; by content, so that files which did not change keep their times
  local previous=$1 sha=$2
  checkout::modes
  # What was tracked and is no more goes, wherever it lies: also where untracked files may stay.
  git diff-tree -r -z --no-renames --diff-filter=D --name-only "$previous" "$sha" | xargs -0r rm -rf --
  checkout::forget_submodules "$previous" "$sha"
  git read-tree "$sha"
  git update-index -q --really-refresh >/dev/null || true
}

checkout::forget_submodules() { # usage: checkout::forget_submodules COMMIT…; they are fetched anew: their .git was in ours
  local commit
  for commit in "$@"; do
    git ls-tree -r -z "$commit" | sed -zn 's/^160000 [^\t]*\t//p' | xargs -0r rm -rf --
  done
}

checkout::clean() { # what is neither tracked, nor a dependency directory, nor a known tool's cache
  local pattern package _
  local -a keep=()
  while read -r pattern package _; do
    [[ -n $pattern && $pattern != '#' ]] || continue
    if [[ $package == '*' ]] || grep -qsF "\"$package\"" package.json ./*/package.json ./*/*/package.json; then
      keep+=(-e "$pattern")
    fi
  done </koala/steps/keep.txt
  git clean -ffdxq "${keep[@]}"
}

checkout::modes() { # as a checkout makes them; git itself looks at nothing but the owner's x of a file
  find . \( -path ./.git -o -name node_modules \) -prune -o -type d -not -perm 755 -exec chmod 755 {} \; \
    -o -type f -perm -u=x -not -perm 755 -exec chmod 755 {} + -o -type f -not -perm -u=x -not -perm 644 -exec chmod 644 {} +
}

checkout::whole_seconds() { # usage: checkout::whole_seconds MARK; images keep no fractions: a time must not change with the snapshot
  local mark=$1
  find . \( -path ./.git -o -name node_modules \) -prune -o -newer "$mark" -not -type d -print0 |
    xargs -0r touch --no-dereference --date="@$EPOCHSECONDS" --
}

checkout::submodules() {
  local -a update=(git submodule --quiet update --init --recursive)
  # A server may refuse a commit that no branch points to; the whole history has it.
  "${update[@]}" --depth 1 || "${update[@]}"
}

main "$@"
