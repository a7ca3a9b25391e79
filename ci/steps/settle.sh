#!/usr/bin/env bash
# After a build, when nobody waits: leaves what a warm build may start from, and nothing else. Then the runner commits it. A
# library.
#
# What stays: the checkout as git has it, the dependencies as the install left them, tool caches of an exact list, the object
# store, the Node and the package manager that the build used. What a build made of all that, and what it left elsewhere (secrets,
# too), goes.
set -Eeuo pipefail

# Bytes by which the object store may grow beyond one and a half times what is needed.
declare -ri STORE_ROOM=$((1 << 20))

# Seconds until it is given up: what it reads was written by strangers.
declare -ri MOST_SECONDS=300

settle::in_time() { # settles, and ends this container if that takes too long; a failure here leaves no snapshot
  settle::_deadline &
  settle::all
}

settle::_deadline() { # kills everything once the time is over
  local never
  # Nothing ever comes from it.
  exec {never}<> <(:)
  read -rt "$MOST_SECONDS" -u "$never" _ || true
  echo "koalaci: cleaning up took longer than $MOST_SECONDS seconds"
  kill -KILL -- -1
}

settle::all() {
  local home branch=${JOB[branch]}
  if [[ -n ${FACTS[detached]:-} ]]; then branch=''; fi
  run_at_home /koala/steps/home.sh settle "$BUILD_BEGAN" &
  home=$!
  run_as_build /koala/steps/tree.sh settle "${FACTS[commit]}" "$branch" "${JOB[url]}" "$BUILD_BEGAN" >"$RUN/damaged"
  wait "$home"
  install-result::restore "$RUN/damaged"
  tool-caches::drop_secret
  kept-lockfile::drop_secret
  tool-caches::bound
  tool-caches::bound_downloads
  fetched::drop_unused
  settle::store
}

settle::store() { # drops the objects of earlier commits once they are many
  local -i now last=0
  now=$(du -sb "$STORE/objects" | cut -f 1)
  if [[ -f $STATE/store ]]; then last=$(<"$STATE/store"); fi
  if ((last > 0 && now > last * 3 / 2 + STORE_ROOM)); then
    if [[ -f $STORE/without-large ]]; then history::repack
    else source::git repack -adq --window=0 && source::git prune --expire=now; fi
    now=$(du -sb "$STORE/objects" | cut -f 1) last=0
  fi
  if ((last == 0)); then echo "$now" >"$STATE/store"; fi
}
