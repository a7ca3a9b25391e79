#!/usr/bin/env bash
# The versions of Node and of package managers that a project asks for, wherever they are written; a library of the step toolchain.
#
# $RUN/requests has one per line: place, tool, version, file and line, with tabs between them; what is nearest to the project
# comes first. A place is a file or a field: nvmrc, node-version, bun-version, tools (of asdf and mise), packageManager, volta,
# devEngines, engines.
set -Eeuo pipefail

# From the manifest that is nearest to the project: dependencies, manager.
declare -A MANIFEST=()

requests::collect() { # finds them all, from the project upwards
  local directory=${FACTS[project]}
  : >"$RUN/requests"
  while :; do
    requests::_of_manifest "$directory"
    requests::_of_word "$directory/.nvmrc" nvmrc node
    requests::_of_word "$directory/.node-version" node-version node
    requests::_of_word "$directory/.bun-version" bun-version bun
    requests::_of_mise "$directory"
    requests::_of_asdf "$directory/.tool-versions"
    [[ $directory != "$WORKSPACE" ]] || return 0
    directory=${directory%/*}
  done
}

requests::first() { # usage: requests::first TOOL PLACE…; sets REPLY to the version that counts, WHERE to where it is written, and PLACE
  local tool=$1 wanted asked version file line
  for wanted in "${@:2}"; do
    while IFS=$'\t' read -r PLACE asked version file line; do
      if [[ $PLACE != "$wanted" || $asked != "$tool" ]]; then continue; fi
      # Such as "please-use-yarn", which is for people.
      if [[ $PLACE == engines ]] && ! requests::_is_range "$tool" "$version"; then continue; fi
      WHERE=${file#"$WORKSPACE/"}
      requests::check "$tool" "$version" "$WHERE"
      [[ -n $line ]] || line=$(requests::_line "$file" "$tool" "$version")
      WHERE+=${line:+ line $line}
      REPLY=$version
      return 0
    done <"$RUN/requests"
  done
  PLACE='' WHERE='' REPLY=''
  return 1
}

requests::check() { # usage: requests::check TOOL VERSION WHERE; fails if that is nothing that names a version: it becomes part of paths and addresses
  local shape='^((lts|nodejs?|latest|prefix)/)?[0-9A-Za-z*^~<>=|.+_:@ -]{1,128}$'
  [[ $2 =~ $shape && $2 != *..* ]] || fail install_failed "$3 asks for $1 \"${2:0:128}\", which names no version" 'Change it to a version or a range.'
}

requests::is_exact() { [[ $1 =~ ^[v=]?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$ ]]; } # usage: requests::is_exact VERSION

requests::_is_range() { # usage: requests::_is_range TOOL TEXT
  if [[ $2 =~ ^[\^~\<\>=v]*[0-9]+(\.[0-9xX*]+){0,2}$ ]]; then return 0; fi
  if [[ $1 == node ]] && node-aliases::resolve "$2" /koala/node/aliases "$STEPS/node-aliases.txt" && [[ $REPLY != "$2" ]]; then return 0; fi
  registry::is_range "$2"
}

requests::_line() { # usage: requests::_line FILE TOOL VERSION; prints the number of the line of a manifest
  local found
  found=$(run_as_build grep -nF -- "$3" "$1") || return 0
  # Several tools may have the same version.
  found=$(grep -m 1 -F -- "$2" <<<"$found") || found=$(run_as_build grep -m 1 -nF -- "$3" "$1")
  printf '%s\n' "${found%%:*}"
}

requests::_of_manifest() { # usage: requests::_of_manifest DIRECTORY
  local file said line
  local -a lines
  manifest::find "$1" || return 0
  file=$REPLY
  said=$(set -o pipefail; run_as_build "$STEPS/manifest.sh" "$file" | jq -rf "$DECISIONS/manifest.jq" 2>&1) ||
    fail install_failed "${file#"$WORKSPACE/"} cannot be used: ${said##*: }" "Correct ${file##*/}."
  mapfile -t lines <<<"$said"
  [[ -n ${MANIFEST[dependencies]:-} ]] || MANIFEST[dependencies]=${lines[0]}
  [[ -n ${MANIFEST[manager]:-} ]] || MANIFEST[manager]=${lines[1]:-}
  for line in "${lines[@]:2}"; do printf '%s\t%s\n' "$line" "$file"; done >>"$RUN/requests"
}

requests::_of_word() { # usage: requests::_of_word FILE PLACE TOOL; the file has one version
  local line word
  lib::exists "$1" || return 0
  while IFS=: read -r line word; do
    if [[ $word == system || $word == default ]]; then return 0; fi
    printf '%s\t%s\t%s\t%s\t%s\n' "$2" "$3" "${word//[[:cntrl:]]/ }" "$1" "$line" >>"$RUN/requests"
    return 0
  done < <(requests::_lines "$1")
}

requests::_of_asdf() { # usage: requests::_of_asdf FILE; each line has a tool and its versions, of which the first one counts
  local line tool version _
  lib::exists "$1" || return 0
  while IFS=: read -r line tool; do
    read -r tool version _ <<<"$tool"
    case $tool in nodejs) tool=node ;; node | npm | yarn | pnpm | bun) ;; *) continue ;; esac
    if [[ -z $version || $version == system ]]; then continue; fi
    printf 'tools\t%s\t%s\t%s\t%s\n' "$tool" "$version" "$1" "$line" >>"$RUN/requests"
  done < <(requests::_lines "$1")
}

requests::_of_mise() { # usage: requests::_of_mise DIRECTORY
  local file said line
  local program='import json, sys, tomllib; json.dump(tomllib.loads(sys.stdin.read()), sys.stdout, default=str)'
  for file in mise.toml .mise.toml mise/config.toml .mise/config.toml .config/mise.toml .config/mise/config.toml; do
    file=$1/$file
    lib::exists "$file" || continue
    if ! said=$(set -o pipefail; run_as_build cat -- "$file" | run_as_build python3 -I -c "$program" 2>&1); then
      echo "koalaci: ${file#"$WORKSPACE/"} is not used: ${said##*$'\n'}" && continue
    fi
    said=$(jq -rf "$DECISIONS/mise-tools.jq" <<<"$said") || continue
    while IFS= read -r line && [[ -n $line ]]; do printf '%s\t%s\n' "$line" "$file"; done <<<"$said" >>"$RUN/requests"
  done
}

requests::_lines() { # usage: requests::_lines FILE; prints the lines that say anything, with their numbers, without comments
  # A version has no other bytes than ASCII's: without these, UTF-16 and byte order marks are read as well.
  run_as_build head -c 65536 -- "$1" | LC_ALL=C tr -d '\000\r\357\273\277\376\377' |
    sed -E 's/#.*//; s/^[[:space:]]+//; s/[[:space:]]+$//' | grep -n . || true
}
