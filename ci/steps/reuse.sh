#!/usr/bin/env bash
# When what the last build installed is good for this one, and what is dropped when it is not; a library of the step install.
set -Eeuo pipefail

reuse::list_inputs() { # writes the files that toolchain and install depend on, with their blobs, to $RUN/inputs
  local -a files=(':(glob)**/package.json' ':(glob)**/.npmrc' ':(glob)**/.yarnrc' ':(glob)**/.yarnrc.yml' ':(glob)**/bunfig.toml'
    ':(glob)**/pnpm-workspace.yaml' ':(glob)**/.pnpmfile.cjs' ':(glob)**/patches/**' ':(glob)**/.yarn/**'
    ':(glob)**/package-lock.json' ':(glob)**/npm-shrinkwrap.json' ':(glob)**/yarn.lock' ':(glob)**/pnpm-lock.yaml'
    ':(glob)**/bun.lock' ':(glob)**/bun.lockb' ':(glob)**/.nvmrc' ':(glob)**/.node-version')
  # As the index has them, which is what the checkout wrote.
  peek git -C "$WORKSPACE" ls-files --stage -- "${files[@]}" >"$RUN/inputs"
}

reuse::key() { # prints all that an install depends on
  printf '%s\n' "${FACTS[node]}" "${FACTS[manager]}" "${FACTS[manager_version]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
  printf '%s\0' "${JOB_ENV[@]}" | grep -zE '^(NODE_ENV|NODE_OPTIONS|[Nn][Pp][Mm]_.*|YARN_.*|[Pp][Nn][Pp][Mm]_.*|BUN_.*)=' |
    sha256sum
  # Install scripts of the project's own, and submodules, may bring in anything.
  if reuse::has_scripts; then
    as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}'
    printf '%s\0' "${JOB_ENV[@]}" | sha256sum
  fi
}

reuse::has_scripts() { # looked up once for the same manifests
  local pattern='"(preinstall|install|postinstall|prepare|prepublish|preprepare|postprepare|dependencies)"[[:space:]]*:[[:space:]]*"'
  local answer=no inputs
  lib::exists "$WORKSPACE/.gitmodules" && return 0
  inputs=$(<"$RUN/inputs")
  if [[ -f $STATE/scripts && $(tail -n +2 "$STATE/scripts") == "$inputs" ]]; then
    [[ $(head -n 1 "$STATE/scripts") == yes ]]
    return
  fi
  if as_build git -C "$WORKSPACE" grep -qE "$pattern" -- ':(glob)**/package.json'; then answer=yes; fi
  printf '%s\n' "$answer" "$inputs" >"$STATE/scripts"
  [[ $answer == yes ]]
}

reuse::is_done() { # usage: reuse::is_done DIRECTORY KEY; and what it made is still there
  local directory=$1 key=$2 mark
  [[ -f $STATE/install && $(<"$STATE/install") == "$key" ]] || return 1
  while IFS= read -r -d '' mark; do [[ -f $mark ]] || return 1; done <"$STATE/marks"
}

reuse::mark() { # usage: reuse::mark DIRECTORY KEY; in each node_modules too, so that one which a build removes is missed
  local directory=$1 key=$2
  # shellcheck disable=SC2016 # the inner shell's
  as_build find "$directory" -name node_modules -prune -type d -exec sh -c ': >"$1/.koalaci"' sh {} \; -printf '%p/.koalaci\0' >"$STATE/marks"
  if [[ -f $directory/.pnp.cjs ]]; then printf '%s\0' "$directory/.pnp.cjs" >>"$STATE/marks"; fi
  # It tells of the environment's secrets, if only as a hash.
  (umask 077 && printf '%s\n' "$key" >"$STATE/install")
  printf '%s\n' "${FACTS[node]%%.*} ${FACTS[manager]}" >"$STATE/kind"
}

reuse::npm_can_add() { # usage: reuse::npm_can_add LOCKFILE; whether it is in step with every manifest, and its tree is there
  local lockfile=$1 directory=${1%/*}
  [[ -f $STATE/install && -f $directory/node_modules/.package-lock.json ]] || return 1
  # shellcheck disable=SC2016 # jq's variables
  as_build bash -c 'cd "$1" && jq -r ".packages // {} | keys[] | select(test(\"(^|/)node_modules/\") | not)" "$2" |
    while IFS= read -r path; do
      jq -e --arg path "$path" --slurpfile manifest "./$path/package.json" '"'"'
        def asked: [.dependencies, .devDependencies, .optionalDependencies, .peerDependencies] | map(. // {});
        (.packages[$path] | asked) == ($manifest[0] | asked)'"'"' "$2" >/dev/null || exit 1
    done' bash "$directory" "$lockfile" 2>/dev/null
}

reuse::npm_is_exact() { # usage: reuse::npm_is_exact LOCKFILE; whether npm has put there nothing but what the lockfile says
  local lockfile=$1 directory=${1%/*}
  # shellcheck disable=SC2016 # jq's variables
  as_build jq -e --slurpfile lock "$lockfile" '
    .packages | to_entries | all(.key as $path | .value | [.version, .integrity, .resolved] ==
      ($lock[0].packages[$path] | [.version, .integrity, .resolved]))' \
    "$directory/node_modules/.package-lock.json" >/dev/null 2>&1
}

reuse::start_anew() { # another Node major or package manager: what was compiled or laid out for the old one is of no use
  local now="${FACTS[node]%%.*} ${FACTS[manager]}"
  [[ -f $STATE/kind && $(<"$STATE/kind") != "$now" ]] || return 0
  echo "koalaci: node and package manager were $(<"$STATE/kind"), now $now: dependencies and caches start anew"
  reuse::drop
}

reuse::drop() {
  rm -f "$STATE/install" "$STATE/marks"
  lib::open_up
  as_build git -C "$WORKSPACE" clean -ffdxq
}
