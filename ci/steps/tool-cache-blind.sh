#!/usr/bin/env bash
# Drops caches of tools that write variables into their entries and do not compare them: a build with other variables would ship
# the old ones. A library of the step build.
#
# Babel's and Metro's transforms do that where a plugin of theirs puts variables, or what a .env file says, in place of process.env.
# A part of what they keep cannot be told from the rest, so all of it goes.
set -Eeuo pipefail

# A keyed hash of the variables that the entries were made with.
readonly CACHE_VARIABLES=$STATE/cache-variables

tool-caches::drop_blind() { # before the build command
  local now path
  local -a gone=()
  now=$({ printf '%s\0' "${JOB_ENV[@]}" | sort -z && run_as_build git -C "$WORKSPACE" ls-files --stage -- ':(glob)**/.env*'; } |
    install-key::hash)
  if [[ -f $CACHE_VARIABLES && $(<"$CACHE_VARIABLES") == "$now" ]]; then return 0; fi
  if [[ -f $CACHE_VARIABLES ]]; then
    cache-patterns::paths
    for path in "${WORDS[@]}"; do
      case $path in
        */node_modules/.cache) gone+=("$path/babel-loader") ;;
        */metro-cache) gone+=("$path"/*) ;;
        # Parcel 1, and Gatsby, which also keeps data that it has fetched with them.
        */.cache | */public) gone+=("$path") ;;
      esac
    done
    ((${#gone[@]} == 0)) || run_as_build rm -rf -- "${gone[@]}"
  fi
  (umask 077 && printf '%s\n' "$now" >"$CACHE_VARIABLES")
}
