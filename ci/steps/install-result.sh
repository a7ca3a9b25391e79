#!/usr/bin/env bash
# What an install made: paths that git does not track and that were not there before it, and changes to tracked files. It is
# kept exactly as long as the install's key is, and restored when a build changes it. A library of the step install.
#
# $STATE/owned      the paths that it made, without tool caches
# $STATE/changed    tracked files that the install changed, as a tar; $STATE/deleted: those that it deleted
# $STATE/home.tar   what it left in the home
# $STATE/touched    paths that builds have changed; $STATE/originals.tar: these as the install made them
# All lists are sorted, and each path is ended by a NUL.
set -Eeuo pipefail
export LC_ALL=C

# What a build changes is restored from a copy if it is not larger than this. A larger one is installed anew.
declare -ri MOST_ORIGINALS=$((32 << 20))
# Nor is an install's result kept if it has left more than this in the home.
declare -ri MOST_HOME=$((256 << 20))

install-result::begin() { # before an install
  # Otherwise all that is there was made by the install that this one starts from, or is a directory of tool caches.
  if [[ -f $STATE/owned ]]; then : >"$RUN/before"; else as_tree untracked >"$RUN/before"; fi
}

install-result::record() { # after an install
  local status path
  manager::all lockfiles && as_tree undo_forms "${WORDS[@]}"
  as_tree untracked | comm -z -13 "$RUN/before" - >"$STATE/owned"
  run_as_build git -C "$WORKSPACE" diff-files -z --name-status >"$RUN/differing"
  : >"$RUN/changed"
  : >"$STATE/deleted"
  while IFS= read -r -d '' status && IFS= read -r -d '' path; do
    if [[ $status == D ]]; then printf '%s\0' "$path" >>"$STATE/deleted"; else printf '%s\0' "$path" >>"$RUN/changed"; fi
  done <"$RUN/differing"
  rm -f "$STATE/changed"
  if [[ -s $RUN/changed ]]; then install-result::_pack "$RUN/changed" >"$STATE/changed"; fi
  # Their former content decides what the install made of them.
  sed -z 's/^/F /' "$RUN/changed" "$STATE/deleted" >>"$STATE/reads"
  install-result::_keep_originals
}

install-result::keep_home() { # after an install: keeps what it left in the home; fails if that is too large, or holds a secret of the job
  # Not the notes of package managers, such as logs.
  local -i rc=0
  local notes='^(\.npm/_.*|\.yarn(rc)?|\.bun|\.cache/(yarn|pnpm|node|bun)|\.local/(share|state)/pnpm|\.config/(yarn|pnpm))$'
  rm -f "$STATE/home.tar"
  run_at_home /koala/steps/home.sh list | { grep -zvE "$notes" || true; } >"$RUN/home"
  [[ -s $RUN/home ]] || return 0
  run_as_build tar --create --directory=/home/build --null --verbatim-files-from --files-from=- <"$RUN/home" |
    head -c $((MOST_HOME + 1)) >"$STATE/home.tar" || rc=$?
  # Another exit code than 0 says that it is not whole.
  if ((rc == 0 && $(stat -c %s "$STATE/home.tar") <= MOST_HOME)) && ! tool-caches::holds_secret "$STATE/home.tar"; then return 0; fi
  rm "$STATE/home.tar"
  return 1
}

install-result::reapply() { # makes again what the last install made where a checkout and settle.sh leave nothing of it
  install-result::reapply_home
  if [[ -f $STATE/changed ]]; then run_as_build tar --extract --directory="$WORKSPACE" --file=- <"$STATE/changed"; fi
  if [[ -s $STATE/deleted ]]; then (cd "$WORKSPACE" && run_as_build xargs -0 rm -f -- <"$STATE/deleted"); fi
}

install-result::reapply_home() {
  if [[ -f $STATE/home.tar ]]; then run_as_build tar --extract --directory=/home/build --file=- <"$STATE/home.tar"; fi
}

# shellcheck disable=SC2120 # install-key.sh passes it
install-result::discard() { # usage: install-result::discard [everything]; removes what was installed; everything: tool caches too
  rm -f "$STATE"/{install,scripts,reads,refused,owned,changed,deleted,home.tar,originals,originals.tar}
  as_tree discard "${1:-}"
}

install-result::drop_orphans() { # removes the node_modules of packages that are gone
  local path package
  while IFS= read -r -d '' path; do
    # The root's are the install's business.
    [[ $path == */* ]] || continue
    package=${path%/*}
    if manifest::find "$WORKSPACE/$package"; then continue; fi
    run_as_build rm -rf -- "$WORKSPACE/$path"
    (cd "$WORKSPACE" && run_as_build rmdir --parents --ignore-fail-on-non-empty -- "$package" 2>/dev/null) || true
  done < <(as_tree modules)
}

install-result::restore() { # usage: install-result::restore FILE; FILE: paths that a build changed or removed; discards the result if they cannot be restored
  local damaged=$1
  [[ -s $damaged ]] || return 0
  if [[ -f $STATE/originals ]] && cmp -s "$damaged" <(comm -z -12 "$damaged" "$STATE/originals"); then
    (cd "$WORKSPACE" && run_as_build xargs -0 rm -rf -- <"$damaged")
    run_as_build tar --extract --directory="$WORKSPACE" --file="$STATE/originals.tar" --no-recursion --null \
      --verbatim-files-from --files-from="$damaged"
    return
  fi
  touch "$STATE/touched"
  sort -z -u "$STATE/touched" "$damaged" >"$RUN/touched" && cat "$RUN/touched" >"$STATE/touched"
  # shellcheck disable=SC2119
  install-result::discard
}

install-result::_keep_originals() { # copies what builds have changed, and what they often do: notes of package managers, generated clients, what is outside node_modules
  local usual='(^|/)node_modules/\.(?!pnpm/|bin/|store/)|^(?!(.*/)?node_modules(/|$))'
  rm -f "$STATE"/originals{,.tar}
  touch "$STATE/touched"
  comm -z -12 "$STATE/touched" "$STATE/owned" >"$RUN/touched"
  { grep -zP "$usual" "$STATE/owned" || true; } | sort -z -u - "$RUN/touched" >"$RUN/usual"
  install-result::_copy "$RUN/usual" || install-result::_copy "$RUN/touched" || true
}

install-result::_copy() { # usage: install-result::_copy LIST; copies these paths to originals.tar, unless they are too large
  local list=$1
  [[ -s $list ]] || return 0
  install-result::_pack "$list" | head -c $((MOST_ORIGINALS + 1)) >"$STATE/originals.tar" || true
  if (($(stat -c %s "$STATE/originals.tar") > MOST_ORIGINALS)); then rm "$STATE/originals.tar" && return 1; fi
  cat "$list" >"$STATE/originals"
}

install-result::_pack() { # usage: install-result::_pack LIST; prints these paths as a tar
  run_as_build tar --create --no-recursion --directory="$WORKSPACE" --null --verbatim-files-from --files-from=- <"$1"
}
