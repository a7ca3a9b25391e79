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
# shellcheck source=git-words.sh
source "${BASH_SOURCE[0]%/*}/git-words.sh"

# What git printed last, and why the step fails: a message and what to do, each ended by a NUL.
readonly SAID=/tmp/checkout-said BLAME=/tmp/checkout-blame
declare MESSAGE='' REMEDY='' FAULT=''

main() { # usage: main SHA BRANCH URL [PREVIOUS_SHA]; PREVIOUS_SHA: the last build's commit, whose tree is there and is updated
  local sha=$1 branch=$2 url=$3 previous=${4:-}
  HOME=/home/build tool-caches::link
  repository::write "$sha" "$branch" "$url"
  : >/tmp/checkout-began
  [[ ! -e $BLAME ]] || rm -f "$BLAME"
  [[ -z $previous ]] || checkout::compare "$previous" "$sha"
  checkout::saying git reset --quiet --hard || checkout::blame_lfs 'the repository' "$url"
  repository::whole_seconds /tmp/checkout-began
  # LFS notes there how it downloaded, if it had to.
  repository::configure "$url"
  [[ ! -f .gitmodules || -n ${OWN_FILES_ONLY:-} ]] || checkout::submodules
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

checkout::submodules() { # usage: checkout::submodules [PREFIX]; checks out those of the repository in this directory, which is PREFIX of the project
  local prefix=${1:-} path
  local -A names=()
  checkout::_names
  while IFS= read -r -d '' path; do
    [[ -n ${names[$path]:-} ]] || checkout::blame "the commit has a submodule at $prefix$path that .gitmodules does not name" \
      "Add it to .gitmodules, or remove it: git rm --cached $prefix$path"
    checkout::_submodule "${names[$path]}" "$path" "$prefix"
  done < <(git ls-files --stage -z | sed -zn 's/^160000 [^\t]*\t//p')
}

checkout::_names() { # fills the caller's names: the name of the submodule at each path
  local entry key
  while IFS= read -r -d '' entry; do
    key=${entry%%$'\n'*} key=${key#submodule.}
    names[${entry#*$'\n'}]=${key%.path}
  done < <(git config --file .gitmodules --null --get-regexp '^submodule\..*\.path$' || true)
}

checkout::_submodule() { # usage: checkout::_submodule NAME PATH PREFIX
  local name=$1 path=$2 prefix=$3 url
  local -a update=(git submodule --quiet update --init)
  # A server may refuse a commit that no branch points to. The second command fetches the whole history, which has it.
  "${update[@]}" --depth 1 -- "$path" 2>"$SAID" || checkout::saying "${update[@]}" -- "$path" || {
    url=$(git config --file .gitmodules "submodule.$name.url" || true)
    checkout::blame_submodule "$prefix$path" "$url" "$(git config "submodule.$name.url" || true)"
  }
  # Some are not to be checked out: update = none.
  [[ -e $path/.git && -f $path/.gitmodules ]] || return 0
  (cd -- "$path" && checkout::submodules "$prefix$path/")
}

checkout::saying() { # usage: checkout::saying COMMAND…; keeps what it prints on stderr in SAID, too
  local rc=0
  { "$@" 2>&1 >&3 3>&- | tee "$SAID" >&2 3>&-; } 3>&1 || rc=$?
  return "$rc"
}

checkout::blame() { # usage: checkout::blame MESSAGE REMEDY [FAULT]; ends the checkout: what is wrong is elsewhere
  printf '%s\0' "$1" "$2" "${3:-project}" >"$BLAME"
  exit 1
}

checkout::blame_submodule() { # usage: checkout::blame_submodule PATH URL RESOLVED_URL
  local path=$1 url=$2 resolved=$3 shown
  git-words::shown "$url" && shown=$REPLY
  [[ -n $url ]] || checkout::blame "the submodule $path has no address in .gitmodules" 'Add its url there.'
  if [[ $resolved == file:///koala/* && $url == .* ]]; then
    checkout::blame "the submodule $path ($shown) has a relative address, and a local repository has none beside it here" \
      'Name its full address in .gitmodules, or build the repository from its server.'
  fi
  if grep -qE '^Error downloading object|: smudge filter lfs failed$' "$SAID"; then checkout::blame_lfs "the submodule $path" "$resolved"; fi
  git-words::explain "$SAID" "the submodule $path ($shown)" "$resolved" ||
    checkout::_last "the submodule $path ($shown) cannot be fetched"
  checkout::blame "$MESSAGE" "$REMEDY" "$FAULT"
}

checkout::blame_lfs() { # usage: checkout::blame_lfs WHAT ADDRESS; says which object is missing; fails if it is about none
  local what=$1 address=$2 line path id reason
  git-words::shown "$address" && address=$REPLY
  # Error downloading object: PATH (SHORT_ID): Smudge error: Error downloading PATH (ID): REASON, whose lines end with an empty one
  line=$(sed -n '/^Error downloading object: /,/^$/{p;/^$/q}' "$SAID")
  if [[ $line =~ ^'Error downloading object: '(.*)' ('[0-9a-f]+'): Smudge error: Error downloading '.*' ('([0-9a-f]+)'): '(.*)$ ]]; then
    path=${BASH_REMATCH[1]} id=${BASH_REMATCH[2]} reason=${BASH_REMATCH[3]}
    git-words::lfs "$reason" "the LFS object ${id:0:10} ($path) of $what at $address" "$address"
    checkout::blame "$MESSAGE" "$REMEDY" "$FAULT"
  fi
  # Over ssh alone, git-lfs 3.3 crashes when an object is missing.
  path=$(sed -nE '0,/: smudge filter lfs failed$/ s/^fatal: (.*): smudge filter lfs failed$/\1/p' "$SAID")
  [[ -n $path ]] || exit 1
  checkout::blame "the LFS object of the file $path of $what at $address cannot be had, and git-lfs does not say why" \
    'It may not be on the server: git lfs push --all origin'
}

checkout::_last() { # usage: checkout::_last MESSAGE; sets MESSAGE to it with git's last line
  local line
  line=$(grep -E '^(fatal|error|remote|ssh): ' "$SAID" | tail -n 1 || true)
  MESSAGE="$1${line:+: ${line#*: }}" REMEDY='Do what git says, in the repository, and push it.'
}

main "$@"
