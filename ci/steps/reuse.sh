#!/usr/bin/env bash
# When what the last build installed is good for this one, and what is dropped when it is not; a library of the step install.
set -Eeuo pipefail

reuse::key() { # prints a hash of all that an install depends on
  local -a files=(':(glob)**/package.json' ':(glob)**/.npmrc' ':(glob)**/.yarnrc' ':(glob)**/.yarnrc.yml' ':(glob)**/bunfig.toml'
    ':(glob)**/pnpm-workspace.yaml' ':(glob)**/.pnpmfile.cjs' ':(glob)**/patches/**' ':(glob)**/.yarn/**'
    ':(glob)**/package-lock.json' ':(glob)**/npm-shrinkwrap.json' ':(glob)**/yarn.lock' ':(glob)**/pnpm-lock.yaml'
    ':(glob)**/bun.lock' ':(glob)**/bun.lockb')
  {
    printf '%s\n' "${FACTS[node]}" "${FACTS[manager]}" "${FACTS[manager_version]:-}" "${FACTS[project]}"
    # Blobs as the index has them, which is what the checkout wrote.
    as_build git -C "$WORKSPACE" ls-files --stage -- "${files[@]}"
    printf '%s\0' "${JOB_ENV[@]}" | grep -zE '^(NODE_ENV|NODE_OPTIONS|[Nn][Pp][Mm]_.*|YARN_.*|[Pp][Nn][Pp][Mm]_.*|BUN_.*)=' || true
    # Install scripts of the project's own, and submodules, may bring in anything.
    if reuse::has_scripts; then
      as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}'
      printf '%s\0' "${JOB_ENV[@]}"
    fi
  } | sha256sum | cut -d ' ' -f 1
}

reuse::has_scripts() {
  local pattern='"(preinstall|install|postinstall|prepare|prepublish|preprepare|postprepare|dependencies)"[[:space:]]*:[[:space:]]*"'
  lib::exists "$WORKSPACE/.gitmodules" && return 0
  as_build git -C "$WORKSPACE" grep -qE "$pattern" -- ':(glob)**/package.json'
}

reuse::is_done() { # usage: reuse::is_done DIRECTORY KEY; and what it made is still there
  local directory=$1 key=$2
  [[ -f $STATE/install && $(<"$STATE/install") == "$key" ]] || return 1
  [[ -f $directory/.pnp.cjs ]] || as_build grep -qsx "$key" "$directory/node_modules/.koalaci"
}

reuse::mark() { # usage: reuse::mark DIRECTORY KEY; in node_modules too, so that one which a build removes is missed
  local directory=$1 key=$2
  if [[ -d $directory/node_modules ]]; then
    # shellcheck disable=SC2016 # the inner shell's
    as_build sh -c 'printf "%s\n" "$1" >"$2"' sh "$key" "$directory/node_modules/.koalaci"
  fi
  printf '%s\n' "$key" >"$STATE/install"
  printf '%s\n' "${FACTS[node]%%.*} ${FACTS[manager]}" >"$STATE/toolchain"
}

reuse::start_anew() { # another Node major or package manager: what was compiled or laid out for the old one is of no use
  local now="${FACTS[node]%%.*} ${FACTS[manager]}"
  [[ -f $STATE/toolchain && $(<"$STATE/toolchain") != "$now" ]] || return 0
  echo "koalaci: node and package manager were $(<"$STATE/toolchain"), now $now: dependencies and caches start anew"
  reuse::drop
}

reuse::drop() {
  rm -f "$STATE/install"
  as_build find "$WORKSPACE" -type d -not -perm -u=rwx -exec chmod u+rwx {} \;
  as_build git -C "$WORKSPACE" clean -ffdxq
}
