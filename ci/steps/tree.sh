#!/usr/bin/env bash
# Cleans the working tree, as the build user: what git does not track goes, but for what the install made and tool caches.
#
# usage: tree.sh untracked|modules|named|undo_forms|in_submodules|separate|open_up|discard|clean|settle|forget_types|has_scripts ARGUMENTS…; calls that function
set -Eeuo pipefail
export LC_ALL=C
cd /workspace
# shellcheck source=repository.sh
source "${BASH_SOURCE[0]%/*}/repository.sh"

# Root's notes: what the install made (install-result.sh), the patterns of tool caches (cache-patterns.sh).
readonly OWNED=/koala/state/owned PATTERNS=/koala/state/tool-caches

tree::untracked() { # prints every path that git does not track, without tool caches, sorted
  local path
  local -a skip=()
  while IFS= read -r -d '' path; do
    path=${path%/} path=${path//\\/\\\\} path=${path//\*/\\*} path=${path//\?/\\?} path=${path//\[/\\[}
    skip+=(-path "./$path" -prune -o)
  done < <(tree::_caches)
  tree::_tops | find_each "${skip[@]}" -print0 | sed -z 's|^\./||' | sort -z
}

tree::modules() { # prints the topmost node_modules directories
  tree::_tops | find_each -name node_modules -prune -print0 | sed -z 's|^\./||'
}

tree::named() { # usage: tree::named NAME…; prints the files of these names that git does not track, outside node_modules
  local name
  local -a tests=()
  for name in "$@"; do tests+=(-o -name "$name"); done
  tree::_tops | find_each -name node_modules -prune -o -type f \( "${tests[@]:1}" \) -print0 | sed -z 's|^\./||'
}

tree::in_submodules() { # whether an install has put packages into a submodule, which settle removes
  git ls-files -z --stage | sed -zn 's/^160000 [^\t]*\t//p' | find_each -name node_modules -prune -print -quit | grep -q .
}

tree::discard() { # usage: tree::discard [everything]; removes what an install made; everything: tool caches too
  local everything=${1:-}
  local -a keep=()
  if [[ -z $everything && -f $PATTERNS ]]; then mapfile -t keep <"$PATTERNS"; fi
  tree::open_up
  git clean -ffdxq "${keep[@]/#/--exclude=}"
}

tree::clean() { # removes what nobody owns
  tree::_clean >/dev/null
}

tree::_clean() { # as tree::clean; prints what is left of what the install made
  local owned=$OWNED found left
  [[ -f $owned ]] || owned=/dev/null
  found=$(mktemp)
  tree::_drop_build_info
  tree::untracked >"$found"
  # Children come before their parents. What stays is in a directory that stays, though nobody owns it.
  comm -z -23 "$found" "$owned" | sort -z -r | xargs -0r rm -df -- 2>/dev/null || true
  # An error counts only if it has left something.
  left=$(comm -z -23 "$found" "$owned" | find_each -maxdepth 0 -not -type d -print -quit 2>/dev/null) || true
  [[ -z $left ]] || return 1
  comm -z -12 "$found" "$owned"
  rm -f "$found"
}

tree::settle() { # usage: tree::settle SHA BRANCH URL BEGAN; after a build; prints what it changed or removed of what the install made
  local sha=$1 branch=$2 url=$3 began=$4
  tree::open_up
  repository::write "$sha" "$branch" "$url"
  # git looks into each, reads what a build has made of its .git there, and fails; what else is in it, it does not see.
  repository::remove_submodules "$sha"
  git reset --quiet --mixed
  # The next checkout writes them anew. Git's filters hide some changes, such as that of line ends; the ctime hides none.
  git diff-files -z --name-only | xargs -0r rm -rf --
  git ls-files -z | find_each -maxdepth 0 -not -type d -newercm "$began" -print0 2>/dev/null | xargs -0r rm -f -- || true
  repository::modes
  if [[ -f $OWNED ]]; then tree::_clean | tree::_damaged "$began"; else tree::clean; fi
}

tree::separate() { # makes the tracked files that an install has linked to files of their own, and prints them: it opened none of them
  # A snapshot does not keep such links.
  # shellcheck disable=SC2016 # the inner shell expands it
  git ls-files -z | find_each -maxdepth 0 -type f -links +1 -print0 \
    -exec sh -c 'for file; do copy=$(mktemp "$file.XXXXXX") && cp -p -- "$file" "$copy" && mv -f -- "$copy" "$file" || rm -f -- "$copy"; done' sh {} + 2>/dev/null |
    sed -z 's|^\./|f |' || true
}

tree::undo_forms() { # usage: tree::undo_forms LOCKFILE…; undoes what an install did to tracked files in passing: to lockfiles, and to the form of manifests
  # npm writes a yarn.lock, and yarn 2 and newer each package.json. What a script made of a manifest stays.
  local path name locks=" $* " form=${BASH_SOURCE[0]%/*}/decisions/manifest-form.jq
  while IFS= read -r -d '' path; do
    name=${path##*/}
    if [[ $name == package.json ]]; then
      cmp -s <(jq -cf "$form" "$path" 2>&1) <(git show ":$path" | jq -cf "$form" 2>&1) || continue
    elif [[ $locks != *" $name "* ]]; then continue; fi
    git checkout-index --force --index -- "$path"
    touch --no-dereference --date="@$EPOCHSECONDS" -- "$path"
  done < <(git diff-files -z --name-only)
  repository::note_times
}

tree::has_scripts() { # whether an install has run scripts, as far as one can tell from what is there
  local pattern='"(preinstall|install|postinstall|prepare|prepublish|preprepare|postprepare|dependencies)"[[:space:]]*:[[:space:]]*"'
  # With Plug'n'Play the packages are in archives.
  if [[ -n $(git ls-files --others -- ':(glob)**/.pnp.cjs') ]]; then return 0; fi
  if git grep -qE "$pattern" -- ':(glob)**/package.json'; then return 0; fi
  if [[ -n $(git ls-files -- ':(glob)**/package.json5' ':(glob)**/package.yaml') ]]; then return 0; fi
  find . -regextype posix-extended -regex '.*/node_modules/(@[^/]+/)?[^/]+/(package\.json|binding\.gyp)' -print0 |
    xargs -0r grep -lsE "$pattern|\"(variables|targets)\"[[:space:]]*:" | grep -q .
}

tree::_damaged() { # usage: tree::_damaged BEGAN <what is left of what the install made; prints what was changed or removed since, of what the install made
  local began=$1
  local -a since=(-newercm "$began")
  find_each <"$OWNED" -maxdepth 0 -type d "${since[@]}" -not -perm 755 -exec chmod 755 {} + 2>/dev/null || true
  {
    comm -z -13 - "$OWNED"
    { find_each <"$OWNED" -maxdepth 0 -not -type d "${since[@]}" -print0 2>/dev/null || true; } |
      sed -z 's|^\./||' | sort -z | comm -z -12 - "$OWNED"
  } | sort -z -u
}

tree::_tops() { # prints the topmost paths that git does not track
  git ls-files -z --others --directory | sed -z 's|/$||'
}

tree::_caches() { # prints the tool caches that exist
  [[ -s $PATTERNS ]] || return 0
  git ls-files -z --others --ignored --directory --exclude-from="$PATTERNS"
}

tree::open_up() { # makes all directories writable, so that their content can be removed; removes what is neither a directory, a file nor a link
  # git does not see such, and whoever opens a pipe waits for ever.
  find . -type d -not -perm -u=rwx -exec chmod u+rwx {} \; -o -not -type d -not -type f -not -type l -exec rm -f -- {} +
}

tree::forget_types() { # removes what tsc has noted of the files that it has checked
  tree::_build_info | xargs -0r rm -f --
}

tree::_drop_build_info() { # removes each *.tsbuildinfo that lists written output
  # That output has just been removed, but tsc would believe the file and not write it again.
  local file
  while IFS= read -r -d '' file; do
    jq -ef "${BASH_SOURCE[0]%/*}/decisions/build-info.jq" "$file" >/dev/null 2>&1 || rm -f -- "$file"
  done < <(tree::_build_info)
}

tree::_build_info() { # prints each *.tsbuildinfo that neither git tracks nor a package came with
  find . -path ./.git -prune -o -path '*/node_modules/*' -not -path '*/node_modules/.tmp*' \
    -not -path '*/node_modules/.cache*' -prune -o -type f -name '*.tsbuildinfo' -not -path '*/.next/*' -printf '%P\0' |
    sort -z | comm -z -23 - <(git ls-files -z -- '*.tsbuildinfo' | sort -z)
}

"tree::$1" "${@:2}"
