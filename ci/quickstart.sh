#!/usr/bin/env bash
# Sets this machine up and builds the sample project.

if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # `sh quickstart.sh` works too
set +o posix
set -Eeuo pipefail

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
readonly ROOT
SAMPLE=$(mktemp -d "${TMPDIR:-/tmp}/koalaci-sample.XXXXXX") # a git repository with the sample project; removed at the end
readonly SAMPLE
trap 'rm -rf "$SAMPLE"' EXIT

main() {
  "$ROOT/ci/setup.sh"
  quickstart::sample
  quickstart::koalaci init --if-missing
  quickstart::koalaci run --project-id sample --deployment-id quickstart --branch main --repo-url "$SAMPLE" \
    --build-command 'npm run build' --package-manager npm --dist-directory dist
  quickstart::next
}

quickstart::sample() {
  cp -R "$ROOT/test/fixtures/sample/." "$SAMPLE"
  # Ignore the user's git settings: hooks, signing, another default branch.
  local -x GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  git -C "$SAMPLE" init --quiet
  git -C "$SAMPLE" symbolic-ref HEAD refs/heads/main
  git -C "$SAMPLE" add --all
  git -C "$SAMPLE" -c user.name=koalaci -c user.email=koalaci@localhost commit --quiet --message 'The sample project'
}

quickstart::koalaci() { node "$ROOT/bin/koalaci.js" "$@"; }

quickstart::next() {
  local koalaci=koalaci
  if ! command -v koalaci >/dev/null; then koalaci="node $ROOT/bin/koalaci.js"; fi
  printf '\nNext:\n' >&2
  printf '  %s\n' "$koalaci logs quickstart" "$koalaci run job.json" "$koalaci doctor" >&2
  if [[ $koalaci != koalaci ]]; then printf '  npm link   (in %s, to make "koalaci" a command)\n' "$ROOT" >&2; fi
}

main "$@"
