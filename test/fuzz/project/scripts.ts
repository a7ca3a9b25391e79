// Install scripts, one for each way in which an install can depend on something, or leave something.

/** Finds the project's root, also from the copy of a package deep in node_modules. */
const FIND_TOP = 'top=$PWD; until [ -e "$top/.git" ] || [ "$top" = / ]; do top=$(dirname "$top"); done';

export const SCRIPTS = {
  'reads a file of the project': 'cat "$top/input.txt" >made.txt 2>/dev/null || echo none >made.txt',
  'reads a file of the project and writes beside it':
    'mkdir -p "$top/generated"; cat "$top/input.txt" >"$top/generated/client.txt" 2>/dev/null || true',
  'lists a directory of the project': 'ls "$top/src" >made.txt 2>/dev/null || echo none >made.txt',
  'looks whether a file is there': 'if [ -e "$top/optional.txt" ]; then echo yes; else echo no; fi >made.txt',
  'reads a variable of the job': 'echo "FLAG=$FLAG" >made.txt',
  // As what is compiled for one version of Node.
  'asks for the version of Node': 'node --version >made.txt',
  // It opens the file too: who only asks for a mode is not seen.
  'reads a file and its mode':
    'cat "$top/input.txt" >made.txt 2>/dev/null && stat -c %a "$top/input.txt" >>made.txt || echo none >made.txt',
  'writes into node_modules':
    'mkdir -p "$top/node_modules/.made"; cat "$top/input.txt" >"$top/node_modules/.made/x" 2>/dev/null || true',
  'changes a tracked file': 'echo "by the install" >>"$top/input.txt"',
  'writes an executable file': 'printf "#!/bin/sh\\n" >"$top/tool.sh"; chmod 755 "$top/tool.sh"',
  'puts a package into the submodule':
    '[ ! -e "$top/sub/sub.txt" ] || { mkdir -p "$top/sub/node_modules/x" && echo "{}" >"$top/sub/node_modules/x/package.json"; }',
  'leaves a file in the home': 'mkdir -p ~/.tool; echo made >~/.tool/made',
} as const;

/** The text of make.sh, which a package runs as its postinstall. */
export function scriptText(name: keyof typeof SCRIPTS): string {
  return `# ${name}\n${FIND_TOP}\n${SCRIPTS[name]}\n`;
}

export const SCRIPT_NAMES = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];
