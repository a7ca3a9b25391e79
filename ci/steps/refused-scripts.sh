#!/usr/bin/env bash
# The packages whose install scripts a package manager did not run, because the project has not allowed them: the log and the
# record name them, also when an install is skipped. A library of the step install.
set -Eeuo pipefail

# One per line.
readonly REFUSED=$STATE/refused

refused-scripts::find() { # usage: refused-scripts::find FLAVOUR; after an install
  manager::call "$1" refused_scripts 2>/dev/null | LC_ALL=C sort -u >"$REFUSED" || true
}

refused-scripts::tell() { # usage: refused-scripts::tell FLAVOUR
  local -a names
  [[ -s $REFUSED ]] || return 0
  mapfile -t names <"$REFUSED"
  fact refused_scripts "${names[*]}"
  manager::call "$1" allowed_by
  echo "koalaci: install scripts that did not run: $(printf '%s, ' "${names[@]}" | sed 's/, $//')${REPLY:+ ($REPLY)}"
}
