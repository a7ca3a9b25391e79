#!/usr/bin/env bash
# The install key: everything that an install depends on. If it has not changed, this build can use what the last one
# installed. A library of the step install.
#
# It holds what is known to matter (versions, manifests, lockfiles, settings), and what the last install was seen to read.
set -Eeuo pipefail

# If an install read more paths than this ($STATE/reads has them, as install-watch.py reports them), the whole tree counts.
declare -ri MOST_SEEN=1000

install-key::list_inputs() { # lists the files that toolchain and install depend on, with their blob ids, in $RUN/inputs
  # Attributes decide which bytes a checkout writes.
  local -a files=("${MANIFESTS[@]}" .nvmrc .node-version .bun-version .tool-versions {,.}mise.toml {,.}mise/config.toml
    .config/mise.toml .config/mise/config.toml .gitattributes .lfsconfig 'patches/**')
  manager::all lockfiles && files+=("${WORDS[@]}")
  manager::all inputs && files+=("${WORDS[@]}")
  # From the index: it has what the checkout wrote.
  run_as_build git -C "$WORKSPACE" ls-files --stage -- "${files[@]/#/':(glob)**/'}" >"$RUN/inputs"
}

install-key::compute() { # prints the install key
  local looking
  install-key::_seen all >"$RUN/seen" &
  looking=$!
  install-key::known
  wait "$looking"
  printf '%s\n' "$(<"$RUN/seen")"
}

install-key::known() { # prints the part of the key that is known before an install
  printf '%s\n' "${FACTS[node]}" "${FACTS[manager]}" "${FACTS[manager_version]:-}" "${FACTS[project]}" "$(<"$RUN/inputs")"
  install-key::_of_variables
}

install-key::of_scripts() { # prints the part of the key that must not change if an install is to keep what is installed
  local lockfiles
  manager::all lockfiles && lockfiles=${WORDS[*]//./\\.}
  # Attributes decide which bytes a script reads, settings whether it runs.
  grep -vE "[/[:blank:]](package\.json|${lockfiles// /|}|\.nvmrc|\.node-version)$" "$RUN/inputs" || true
  run_as_build jq -c '[.pnpm, .allowScripts]' "$WORKSPACE/package.json" 2>/dev/null || true
  install-key::_of_variables
  install-key::_seen scripts
}

install-key::_of_variables() { # prints a hash of the variables that affect an install
  install-key::_variables
  printf '%s\0' "${JOB_ENV[@]}" | { grep -zE "^($REPLY)=" || true; } | install-key::hash
}

install-key::_variables() { # sets REPLY: an extended regular expression for the names of variables that affect an install
  local flavour names='NODE_ENV|NODE_OPTIONS'
  for flavour in "${MANAGERS[@]}"; do
    manager::call "$flavour" variables
    names+="|$REPLY"
  done
  REPLY=$names
}

install-key::hash() { # hashes secrets with the operator's key, which is in no snapshot
  local key=${JOB[install_key]}
  { printf '%s\0' "$key" && cat && printf '\0%s' "$key"; } | sha256sum
}

install-key::_seen() { # usage: install-key::_seen all|scripts; prints the state of what the last install, or its scripts, read
  local which=$1 inputs line kind path scripts='' commit=''
  local -a counted=()
  [[ -f $STATE/reads ]] || return 0
  install-key::inputs && inputs=$'\n'$REPLY$'\n'
  while IFS= read -r -d '' line; do
    kind=${line%% *} path=${line#* }
    case $kind in
      scripts) scripts=1 ;;
      tree) run_as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}' ;;
      own) ;;
      *)
        if [[ $path == .git/* ]]; then [[ $kind == [fd] ]] || commit=1
        # The key has the inputs anyway; they differ for scripts only if one of these has read them.
        elif [[ $inputs != *$'\n'"$path"$'\n'* || ($which == scripts && $kind == F) ]]; then counted+=("${kind,,} $path"); fi
        ;;
    esac
  done <"$STATE/reads"
  if [[ -n $scripts ]]; then
    # Scripts may look for files that are not there, which nobody sees: names count.
    install-key::_packages && counted+=("${WORDS[@]/#/d }")
    printf '%s\0' "${JOB_ENV[@]}" | install-key::hash
  fi
  if [[ -n $commit ]]; then
    # Where the history ends and which tags there are may differ for the same commit.
    run_as_build sha256sum "$STORE/packed-refs" "$STORE/project-shallow" 2>/dev/null || true
    printf '%s\n' "${FACTS[commit]} ${JOB[branch]}"
  fi
  if ((${#counted[@]} > MOST_SEEN)); then run_as_build git -C "$WORKSPACE" rev-parse 'HEAD^{tree}'
  elif ((${#counted[@]})); then printf '%s\0' "${counted[@]}" | run_as_build /koala/steps/install-seen.sh; fi
}

install-key::inputs() { # sets REPLY: the paths of the inputs, a line each
  local IFS=$'\n'
  local -a lines
  mapfile -t lines <"$RUN/inputs"
  REPLY="${lines[*]#*$'\t'}"
}

install-key::_packages() { # sets WORDS: the directories of the project's packages, and the root
  mapfile -t WORDS < <({ cut -f 2 "$RUN/inputs" | sed -nE 's#/package\.(json5?|yaml)$##p' && echo .; } | sort -u)
}

install-key::is_unchanged() { # usage: install-key::is_unchanged KEY; whether the last install had this key
  [[ -f $STATE/install && $(<"$STATE/install") == "$1" ]]
}

install-key::remember() { # after an install: remembers its key, which what it read now belongs to
  # They hold hashes of secrets.
  (umask 077 && install-key::compute >"$STATE/install" && install-key::of_scripts >"$STATE/scripts")
  install-key::_kind >"$STATE/kind"
}

install-key::forget() { # the next install starts from nothing
  rm -f "$STATE/install" "$STATE/scripts"
}

install-key::_kind() { printf '%s\n' "${FACTS[node]%%.*} ${FACTS[manager]}"; }

install-key::start_anew() { # discards what was installed for another major version of Node or another package manager
  local now
  now=$(install-key::_kind)
  [[ -f $STATE/kind && $(<"$STATE/kind") != "$now" ]] || return 0
  echo "koalaci: node and package manager were $(<"$STATE/kind"), now $now: dependencies and caches are discarded"
  install-result::discard everything
}
