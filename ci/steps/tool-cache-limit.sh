#!/usr/bin/env bash
# Keeps tool caches from growing for ever: above the limit, what has not been read for the longest time goes; a library.
#
# The time of the last access that the file system knows is of no use: reading a file of an image leaves it as it was. So once the
# caches are half as large as the limit, builds are watched: what they open counts as read.
set -Eeuo pipefail

# Lines "SECONDS PATH": when a build last read from an entry.
readonly CACHE_READS=$STATE/cache-reads
# It exists if the next build is to be watched.
readonly WATCH_CACHES=$STATE/watch-caches
readonly OPENED=$RUN/opened

tool-caches::watch() { # before the build command; returns when inotifywait sees everything
  local line fd
  [[ -f $WATCH_CACHES ]] || return 0
  cache-patterns::paths
  ((${#WORDS[@]})) || return 0
  # It is root's, so the build cannot end it; lib::end_leftovers does. If the kernel has no watches left, nothing counts as read.
  exec {fd}< <(exec inotifywait -m -r -e open --format '%w%f' -o "$OPENED" -- "${WORDS[@]}" 2>&1)
  while IFS= read -r -u "$fd" line; do
    if [[ $line == *established* ]]; then break; fi
  done
  exec {fd}<&-
}

tool-caches::bound() { # once no process of the build is left
  local -i limit=${JOB[tool_cache_limit]:-0} total=0
  local -A sizes=() reads=()
  ((limit)) || return 0
  tool-caches::_measure
  tool-caches::_read
  if ((total * 2 > limit)); then : >"$WATCH_CACHES"; else rm -f "$WATCH_CACHES" "$CACHE_READS"; fi
  ((total <= limit)) || tool-caches::_shrink
}

tool-caches::_measure() { # sets sizes, by entry, and total
  local size path
  cache-patterns::paths
  while IFS=$'\t' read -r -d '' size path; do
    sizes[$path]=$size
    total+=$size
  done < <(tool-caches::_entries "${WORDS[@]}" | run_as_build du -s -B1 -0 --files0-from=- 2>/dev/null)
}

tool-caches::_entries() { # usage: tool-caches::_entries PATH…; prints the parts of these caches that may go alone, each ended by a NUL
  local cache
  (($#)) || return 0
  for cache in "$@"; do
    case $cache in
      # Their entries do not know of each other. Of all others it is not certain.
      */.turbo/cache | */node_modules/.cache | */metro-cache)
        run_as_build find "$cache" -mindepth 1 -maxdepth 1 -not -name '*-meta.json' -print0
        ;;
      *) printf '%s\0' "$cache" ;;
    esac
  done
}

tool-caches::_read() { # sets reads, by entry: when a build last read from it; and remembers that
  local path seconds
  if [[ -f $CACHE_READS ]]; then
    while read -r seconds path; do reads[$path]=$seconds; done <"$CACHE_READS"
  fi
  [[ -f $OPENED ]] || return 0
  while IFS= read -r path; do
    # What was opened is somewhere in an entry.
    while [[ -n $path && ! -v sizes[$path] ]]; do path=${path%/*}; done
    [[ -z $path ]] || reads[$path]=$EPOCHSECONDS
  done < <(sort -u "$OPENED")
  for path in "${!reads[@]}"; do
    if [[ -v sizes[$path] && $path != *$'\n'* ]]; then printf '%s %s\n' "${reads[$path]}" "$path"; fi
  done >"$CACHE_READS"
}

tool-caches::_shrink() { # drops entries until the rest is within the limit
  local path seconds
  local -A used=()
  local -a gone=()
  # A file that was written was used, too.
  while read -r -d '' seconds path; do
    if [[ ! -v used[$path] ]]; then used[$path]=${seconds%.*}; fi
  done < <(printf '%s\0' "${!sizes[@]}" | run_as_build find -files0-from - -printf '%T@ %H\0' 2>/dev/null | sort -z -rn)
  while read -r -d '' seconds path; do
    ((total > limit)) || break
    gone+=("$path")
    total=$((total - ${sizes[$path]:-0}))
  done < <(for path in "${!sizes[@]}"; do
    seconds=${used[$path]:-0}
    if ((${reads[$path]:-0} > seconds)); then seconds=${reads[$path]}; fi
    printf '%s %s\0' "$seconds" "$path"
  done | sort -z -n)
  cache-patterns::drop "${gone[@]}"
}

tool-caches::bound_downloads() { # after a build that installed anything: the largest download caches go, each as a whole, until the rest is within the limit
  local -i limit=${JOB[download_cache_limit]:-0} total=0 size
  local path
  local -a sizes=()
  ((limit)) && [[ -e $INSTALLED ]] || return 0
  # Package managers check what they find there, and fetch what is missing.
  mapfile -d '' -t sizes < <(tool-caches::_downloads | run_as_build du -s -B1 -0 --files0-from=- 2>/dev/null | sort -z -rn)
  for path in "${sizes[@]}"; do total+=${path%%$'\t'*}; done
  for path in "${sizes[@]}"; do
    ((total > limit)) || break
    size=${path%%$'\t'*}
    run_as_build rm -rf -- "${path#*$'\t'}"
    total=$((total - size))
  done
}

tool-caches::_downloads() { # prints the download caches that exist, each ended by a NUL
  local path
  while IFS= read -r path; do
    path=/home/build/$path
    if [[ -d $path && $path != */.cache/koalaci/* ]]; then printf '%s\0' "$path"; fi
  done < <(run_at_home /koala/steps/tool-caches.sh home)
}
