#!/usr/bin/env bash
# Drops caches of tools that do not compare all that their entries depend on. A library of the steps install and build.
#
# Transforms of Babel and Metro put variables in place of process.env, and so do bundlers whose tasks Nx and Turborepo replay;
# none of these looks at a variable that the project has not declared. webpack takes a package of the same version for the same.
set -Eeuo pipefail

# Files that say what such variables are.
readonly -a VARIABLES_IN=('.env*' app.json 'app.config.*')
# A keyed hash of the variables that the entries were made with.
readonly CACHE_VARIABLES=$STATE/cache-variables

tool-caches::drop_blind() { # before the build command
  local now
  now=$({
    printf '%s\0' "${JOB_ENV[@]}" | sort -z && standard-variables::in_use
    run_as_build git -C "$WORKSPACE" ls-files --stage -- "${VARIABLES_IN[@]/#/:(glob)**/}"
  } | install-key::hash)
  if [[ -f $CACHE_VARIABLES && $(<"$CACHE_VARIABLES") == "$now" ]]; then return 0; fi
  if [[ -f $CACHE_VARIABLES ]]; then
    # The last one is of Parcel 1.
    tool-caches::drop_like '*/node_modules/.cache' '*/.nx/*' '*/.turbo/cache' '*/metro-cache' '*/.cache'
  fi
  (umask 077 && printf '%s\n' "$now" >"$CACHE_VARIABLES")
}

tool-caches::drop_of_packages() { # before packages are installed anew, of which one may have other bytes and the same version
  tool-caches::drop_like '*/node_modules/.cache' '*/.next/cache/webpack' '*/node_modules/.astro/data-store*'
  # Package managers leave notes in a node_modules that is there, even if they install nothing. A link is none of ours.
  as_tree modules | (cd "$WORKSPACE" && { run_as_build xargs -0r rmdir --ignore-fail-on-non-empty -- 2>/dev/null || true; })
}

tool-caches::drop_like() { # usage: tool-caches::drop_like PATTERN…; removes the tool caches that fit one of these
  local path pattern
  local -a gone=()
  cache-patterns::paths
  for path in "${WORDS[@]}"; do
    for pattern in "$@"; do
      # shellcheck disable=SC2053 # it is meant to be one
      [[ $path == $pattern ]] || continue
      # A link leads to Metro's directory, which must exist.
      if [[ $path == */metro-cache ]]; then gone+=("$path"/*); else gone+=("$path"); fi
      break
    done
  done
  ((${#gone[@]} == 0)) || run_as_build rm -rf -- "${gone[@]}"
}
