#!/usr/bin/env bash
# Drops Astro's data store, which has the pages as they were rendered, unless it is sure to be what a clean build makes. A library
# of the step build.
#
# Astro renders a page again when its own text has changed, and looks neither at what loaders and plugins read beside it nor at
# what the configuration imports. So the store stays where nothing has changed but the text of Markdown files, and where none but
# Astro and its official packages takes part in rendering them.
set -Eeuo pipefail

# Files of which Astro, and the highlighter of Starlight, read what takes part.
readonly -a ASTRO_CONFIGS=('astro.config.*' 'content.config.*' 'content/config.*' 'ec.config.*')
# What these may import.
readonly ASTRO_PACKAGES='(astro[:/][a-z/]+|zod|@astrojs/[a-z0-9/-]+|@tailwindcss/vite)'
# Words by which code of others could take part all the same, or read what no key has.
readonly ASTRO_UNSURE='remark|rehype|import[[:space:]]*\(|\<(require|getBuiltinModule|fetch|eval|Function)\>'
# A keyed hash of everything else that the store was made from.
readonly ASTRO_MADE_FROM=$STATE/astro-store

astro-store::drop_stale() { # before the build command
  local now
  grep -q '/data-store' "$CACHE_PATTERNS" || return 0
  now=$(astro-store::_made_from)
  if ! astro-store::_is_plain || [[ ! -f $ASTRO_MADE_FROM || $(<"$ASTRO_MADE_FROM") != "$now" ]]; then
    tool-caches::drop_like '*/node_modules/.astro/data-store*'
  fi
  (umask 077 && printf '%s\n' "$now" >"$ASTRO_MADE_FROM")
}

astro-store::_made_from() { # prints a hash: of command, variables, and all files, of which Markdown counts by its name alone
  {
    printf '%s\0' "${FACTS[project]}" "${JOB[command]}"
    printf '%s\0' "${JOB_ENV[@]}" | sort -z
    run_as_build git -C "$WORKSPACE" ls-files --stage -z | sed -zE 's/^([0-7]+) [0-9a-f]+ (.*\.md)$/\1 \2/'
  } | install-key::hash
}

astro-store::_is_plain() { # whether the configurations bring nobody else in
  local text
  local -a configs=()
  mapfile -d '' -t configs < <(run_as_build git -C "$WORKSPACE" ls-files -z -- "${ASTRO_CONFIGS[@]/#/:(glob)**/}")
  # With a space for each line end: what follows "from" may stand on the next line.
  text=$(cd -- "$WORKSPACE" && run_as_build cat -- "${configs[@]/#/./}" </dev/null | tr '\n' ' ') || return 1
  if grep -qE "$ASTRO_UNSURE" <<<"$text"; then return 1; fi
  ! { grep -oE "\<(from|import)[[:space:]]*[\"'][^\"']*[\"']" <<<"$text" || true; } | grep -qvE "[\"']${ASTRO_PACKAGES}[\"']\$"
}
