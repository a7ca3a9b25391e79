#!/usr/bin/env bash
# Makes the working tree of a commit, as the build user: files, submodules, LFS. Called by the step source.
#
# The .git directory is made anew each time and borrows its objects from root's store: whatever a build did to its own
# .git (hooks, filters, remotes) is gone, and git works in the project as it does in a clone.
set -Eeuo pipefail
cd /workspace
# shellcheck source=tool-caches.sh
source "${BASH_SOURCE[0]%/*}/tool-caches.sh"

main() { # usage: main STORE SHA BRANCH URL ROOT [PREVIOUS_SHA]; with the last build's commit, its tree is there and becomes this one
  local store=$1 sha=$2 branch=$3 url=$4 root=$5 previous=${6:-}
  [[ -z $previous ]] || checkout::clean_home
  checkout::repository "$store" "$sha" "$branch" "$url"
  : >/tmp/checkout-began
  [[ -z $previous ]] || checkout::compare "$previous" "$sha"
  git reset --quiet --hard
  checkout::whole_seconds /tmp/checkout-began
  [[ -z $previous ]] || checkout::clean "$root"
  [[ ! -f .gitmodules ]] || checkout::submodules
}

checkout::clean_home() { # of the home only the download caches stay: nothing else may bear on the next build
  local path
  local -A stays=()
  local -a gone=()
  manager::all downloads
  # .cache is where many tools keep what they have downloaded.
  for path in .cache "${WORDS[@]}"; do
    stays[$path]=whole
    while [[ $path == */* ]]; do
      path=${path%/*}
      stays[$path]=${stays[$path]:-partly}
    done
  done
  shopt -s dotglob nullglob
  checkout::_list_gone ''
  shopt -u dotglob nullglob
  ((${#gone[@]} == 0)) || rm -rf -- "${gone[@]}"
}

checkout::_list_gone() { # usage: checkout::_list_gone PREFIX; adds to gone what does not stay below that directory of the home
  local path name what
  for path in ~/"$1"*; do
    name=${path#~/}
    what=${stays[$name]:-}
    [[ -d $path && ! -L $path ]] || what=''
    case $what in
      whole) ;;
      partly) checkout::_list_gone "$name/" ;;
      *) gone+=("$path") ;;
    esac
  done
}

checkout::repository() { # usage: checkout::repository STORE SHA BRANCH URL; as git init and git config would write it
  local store=$1 sha=$2 branch=$3 url=$4
  rm -rf .git
  mkdir -p .git/objects/info .git/refs/heads
  printf '%s\n' "$store/objects" >.git/objects/info/alternates
  [[ ! -f $store/shallow ]] || printf '%s\n' "$(<"$store/shallow")" >.git/shallow
  printf 'ref: refs/heads/%s\n' "$branch" >.git/HEAD
  printf '%s refs/heads/%s\n' "$sha" "$branch" >.git/packed-refs
  url=${url//\\/\\\\}
  printf '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = "%s"\n' "${url//\"/\\\"}" >.git/config
}

checkout::compare() { # usage: checkout::compare PREVIOUS SHA; by content, so that files which did not change keep their times
  local previous=$1 sha=$2
  checkout::modes
  # What was tracked and is no more goes, wherever it lies: also where untracked files may stay.
  git diff-tree -r -z --no-renames --diff-filter=D --name-only "$previous" "$sha" | xargs -0r rm -rf --
  checkout::forget_submodules "$previous" "$sha"
  git reset --quiet --mixed
}

checkout::forget_submodules() { # usage: checkout::forget_submodules COMMIT…; they are fetched anew: their .git was in ours
  local commit
  # Most have none, and are told so by one process.
  printf '%s:.gitmodules\n' "$@" | git cat-file --batch-check | grep -qv ' missing$' || return 0
  for commit in "$@"; do
    git ls-tree -r -z "$commit" | sed -zn 's/^160000 [^\t]*\t//p' | xargs -0r rm -rf --
  done
}

checkout::clean() { # usage: checkout::clean PROJECT_ROOT; what is neither tracked, nor a dependency directory, nor a known tool's cache
  local root=$1
  local -a keep
  mapfile -t keep < <(tool-caches::patterns "$root")
  git clean -ffdxq "${keep[@]/#/--exclude=}"
  checkout::drop_build_info
}

checkout::drop_build_info() { # what tsc wrote is gone, and where its notes say that it is there, it would not write it again
  local file
  while IFS= read -r -d '' file; do
    jq -ef "$DECISIONS/build-info.jq" "$file" >/dev/null 2>&1 || rm -f -- "$file"
  done < <(find . -path ./.git -prune -o -path '*/node_modules/*' -not -path '*/node_modules/.*' -prune \
    -o -name '*.tsbuildinfo' -not -path '*/.next/*' -print0)
}

checkout::modes() { # as a checkout makes them; git itself looks at nothing but the owner's x of a file
  find . \( -path ./.git -o -name node_modules \) -prune -o -type d -not -perm 755 -exec chmod 755 {} \; \
    -o -type f -perm -u=x -not -perm 755 -exec chmod 755 {} + -o -type f -not -perm -u=x -not -perm 644 -exec chmod 644 {} +
}

checkout::whole_seconds() { # usage: checkout::whole_seconds FILE; of what is newer than it: images keep no fractions, and a time must not change with the snapshot
  local began=$1
  find . \( -path ./.git -o -name node_modules \) -prune -o -newer "$began" -not -type d -print0 |
    xargs -0r touch --no-dereference --date="@$EPOCHSECONDS" --
}

checkout::submodules() {
  local -a update=(git submodule --quiet update --init --recursive)
  # A server may refuse a commit that no branch points to; the whole history has it.
  "${update[@]}" --depth 1 || "${update[@]}"
}

main "$@"
