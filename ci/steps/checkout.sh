#!/usr/bin/env bash
# Makes the working tree of a commit, as the build user: files, submodules, LFS. The step source calls it.
#
# A snapshot's tree is that of the last build's commit, as settle.sh left it: with nothing untracked but what the install
# made and tool caches.
set -Eeuo pipefail
cd /workspace
# shellcheck source=tool-caches.sh
source "${BASH_SOURCE[0]%/*}/tool-caches.sh"
# shellcheck source=repository.sh
source "${BASH_SOURCE[0]%/*}/repository.sh"

main() { # usage: main SHA BRANCH URL [PREVIOUS_SHA]; PREVIOUS_SHA: the last build's commit, whose tree is there and is updated
  local sha=$1 branch=$2 url=$3 previous=${4:-}
  tool-caches::link
  repository::write "$sha" "$branch" "$url"
  : >/tmp/checkout-began
  [[ -z $previous ]] || checkout::compare "$previous" "$sha"
  git reset --quiet --hard
  # LFS notes there how it downloaded, if it had to.
  repository::configure "$url"
  checkout::whole_seconds /tmp/checkout-began
  [[ ! -f .gitmodules ]] || checkout::submodules
}

checkout::compare() { # usage: checkout::compare PREVIOUS SHA; makes git compare files by content, so that unchanged files keep their times
  local previous=$1 sha=$2
  checkout::remove_deleted "$previous" "$sha"
  repository::forget_submodules "$previous" "$sha"
  # Other attributes make other bytes of the same content; without an index, git writes every file.
  if git diff-tree -r --quiet "$previous" "$sha" -- ':(glob)**/.gitattributes' ':(glob)**/.lfsconfig'; then
    git reset --quiet --mixed
  fi
}

checkout::remove_deleted() { # usage: checkout::remove_deleted PREVIOUS SHA; removes what the new commit no longer tracks, and directories that it leaves empty
  local previous=$1 sha=$2
  local -a deleted=() parents=()
  mapfile -d '' -t deleted < <(git diff-tree -r -z --no-renames --diff-filter=D --name-only "$previous" "$sha")
  ((${#deleted[@]})) || return 0
  printf '%s\0' "${deleted[@]}" | xargs -0 rm -rf --
  mapfile -d '' -t parents < <(printf '%s\0' "${deleted[@]}" | sed -zn 's|/[^/]*$||p' | sort -z -u -r)
  # A parent may be gone by then, or hold what an install made.
  ((${#parents[@]} == 0)) || printf '%s\0' "${parents[@]}" | xargs -0 rmdir --parents --ignore-fail-on-non-empty -- 2>/dev/null || true
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
