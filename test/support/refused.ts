// A shell function for build commands that try what must not work. `! command` proves nothing: no shell exits for it.

/** `refused COMMAND…` ends the build when the command works. */
export const REFUSED =
  'refused() { if "$@" >/dev/null 2>&1; then echo "this was not refused: $*"; exit 1; fi; }';
