#!/usr/bin/env bash
# Makes the working tree of a commit, as the build user: files, submodules, LFS. The step source calls it.
#
# Each build gets a new .git directory, which borrows its objects from root's store. So nothing that a build did to its .git
# (hooks, filters, remotes) remains, and git works in the project as it does in a clone.
set -Eeuo pipefail
cd /workspace
# shellcheck source=tool-caches.sh
source "${BASH_SOURCE[0]%/*}/tool-caches.sh"

main() { # usage: main STORE SHA BRANCH URL ROOT [PREVIOUS_SHA]; PREVIOUS_SHA: the last build's commit, whose tree is there and is updated
  local store=$1 sha=$2 branch=$3 url=$4 root=$5 previous=${6:-}
  [[ -z $previous ]] || checkout::clean_home
  tool-caches::link
  checkout::repository "$store" "$sha" "$branch" "$url"
  : >/tmp/checkout-began
  [[ -z $previous ]] || checkout::compare "$previous" "$sha"
  git reset --quiet --hard
  checkout::whole_seconds /tmp/checkout-began
  [[ -z $previous ]] || checkout::clean "$root"
  [[ ! -f .gitmodules ]] || checkout::submodules
}

checkout::clean_home() { # removes everything from the home except caches, so that nothing else affects this build
  local path
  local -A stays=()
  local -a gone=()
  while IFS= read -r path; do
    stays[$path]=whole
    while [[ $path == */* ]]; do
      path=${path%/*}
      stays[$path]=${stays[$path]:-partly}
    done
  done < <(tool-caches::home)
  shopt -s dotglob nullglob
  checkout::_list_gone ''
  shopt -u dotglob nullglob
  ((${#gone[@]} == 0)) || rm -rf -- "${gone[@]}"
}

checkout::_list_gone() { # usage: checkout::_list_gone PREFIX; adds to gone the paths below that directory of the home that do not stay
  local path name what
  for path in ~/"$1"*; do
    name=${path#~/}
    what=${stays[$name]:-}
    if [[ -L $path || ($what == partly && ! -d $path) ]]; then what=''; fi
    case $what in
      whole) ;;
      partly) checkout::_list_gone "$name/" ;;
      *) gone+=("$path") ;;
    esac
  done
}

checkout::repository() { # usage: checkout::repository STORE SHA BRANCH URL; writes .git as git init and git config would
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

checkout::compare() { # usage: checkout::compare PREVIOUS SHA; makes git compare files by content, so that unchanged files keep their times
  local previous=$1 sha=$2
  checkout::modes
  # Remove files that the new commit no longer tracks, also from directories in which untracked files stay.
  git diff-tree -r -z --no-renames --diff-filter=D --name-only "$previous" "$sha" | xargs -0r rm -rf --
  checkout::forget_submodules "$previous" "$sha"
  git reset --quiet --mixed
}

checkout::forget_submodules() { # usage: checkout::forget_submodules COMMIT…; removes their submodules: their git data went with our old .git
  local commit
  # Most projects have none; one process is enough to find out.
  printf '%s:.gitmodules\n' "$@" | git cat-file --batch-check | grep -qv ' missing$' || return 0
  for commit in "$@"; do
    git ls-tree -r -z "$commit" | sed -zn 's/^160000 [^\t]*\t//p' | xargs -0r rm -rf --
  done
}

checkout::clean() { # usage: checkout::clean PROJECT_ROOT; removes untracked files, except dependencies and the caches of known tools
  local root=$1
  local -a keep
  manager::all dependencies
  mapfile -t keep < <(printf '%s\n' '**/node_modules/' "${WORDS[@]}" && tool-caches::patterns "$root")
  git clean -ffdxq "${keep[@]/#/--exclude=}"
  checkout::drop_build_info
}

checkout::drop_build_info() { # removes each *.tsbuildinfo that lists written output
  # That output has just been removed, but tsc would believe the file and not write it again.
  local file
  while IFS= read -r -d '' file; do
    jq -ef "$DECISIONS/build-info.jq" "$file" >/dev/null 2>&1 || rm -f -- "$file"
  done < <(find . -path ./.git -prune -o -path '*/node_modules/*' -not -path '*/node_modules/.*' -prune \
    -o -name '*.tsbuildinfo' -not -path '*/.next/*' -print0)
}

checkout::modes() { # sets modes as a checkout does; git itself compares only the owner's x bit of files
  find . \( -path ./.git -o -name node_modules \) -prune -o -type d -not -perm 755 -exec chmod 755 {} \; \
    -o -type f -perm -u=x -not -perm 755 -exec chmod 755 {} + -o -type f -not -perm -u=x -not -perm 644 -exec chmod 644 {} +
}

checkout::whole_seconds() { # usage: checkout::whole_seconds FILE; gives files newer than FILE a time in whole seconds
  # Images store no fractions of a second, so a snapshot would change other times.
  local began=$1
  find . \( -path ./.git -o -name node_modules \) -prune -o -newer "$began" -not -type d -print0 |
    xargs -0r touch --no-dereference --date="@$EPOCHSECONDS" --
}

checkout::submodules() {
  local -a update=(git submodule --quiet update --init --recursive)
  # A server may refuse a commit that no branch points to. The second command fetches the whole history, which has it.
  "${update[@]}" --depth 1 || "${update[@]}"
}

main "$@"
