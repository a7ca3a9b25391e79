// Finds the file that was meant where a module is not found because its letters' case differs. Pure.
import { posix } from 'node:path';
import type { Explanation, Failure } from './explanation.js';
import { tidy } from './extract.js';

/** How Node.js, TypeScript and bundlers name a module that is not there. */
const MISSING = [
  /\bCannot find module ['"]([^'"]{1,300})['"]/,
  /\bModule not found: (?:Error: )?Can't resolve ['"]([^'"]{1,300})['"]/,
  /\b[Cc]ould not resolve (?:import |entry module )?['"]([^'"]{1,300})['"]/,
  /\b[Ff]ailed to resolve (?:import |entry module )?['"]([^'"]{1,300})['"]/,
  /\bCould not (?:load|read from file:) (\/[^\s()]{1,300})/,
  /\bENOENT: no such file or directory, \w+ ['"]([^'"]{1,300})['"]/,
  /\bUnable to resolve (?:path to )?module ['"]?([^\s'"]{1,300})['"]?/,
];
/** Paths in the lines around, one of which is the file that wants the module. */
const PATH = /(?:[\w@.()[\]+-]*\/)*[\w@.()[\]+-]+/g;
const AROUND = 6;
const LATEST = 120;
const WORKSPACE = /^(?:file:\/\/)?\/workspace\//;

/** Explains a missing module whose file is there under a name that differs in upper and lower case only. */
export function readModules(lines: readonly string[], { files }: Failure): Explanation | undefined {
  if (!files) return undefined;
  const latest = lines.slice(-LATEST);
  for (const [at, line] of latest.entries())
    for (const pattern of MISSING) {
      const name = pattern.exec(line)?.[1]?.split('?')[0];
      const around = latest.slice(Math.max(0, at - AROUND), at + AROUND + 1);
      const there =
        name &&
        candidates(name, around, files)
          .map((path) => otherCase(path, files))
          .find(Boolean);
      if (there)
        return {
          id: 'letters-case',
          fault: 'project',
          extract: tidy([line]),
          message: `there is no ${name}, but a ${there}: upper and lower case differ`,
          remedy:
            'Write the name as the file has it, or rename the file with "git mv"; macOS and Windows take one for the other, Linux does not.',
        };
    }
  return undefined;
}

/** The paths in the repository that a name may stand for. One that begins with a slash may follow any directory. */
function candidates(name: string, around: readonly string[], files: readonly string[]): string[] {
  if (WORKSPACE.test(name)) return [name.replace(WORKSPACE, '')];
  if (/^\.{1,2}\//.test(name))
    return directoriesIn(around, files).map((directory) => posix.join(directory, name));
  // An alias of the sources' directory: @/, ~/, #/, a path from the root.
  const alias = /^(?:[@~#$]?\/|~|(?=src\/))(\S*\/\S*|\S+)$/.exec(name)?.[1];
  return alias ? [`/${alias}`] : [];
}

/** The directories of the files that the lines name. */
function directoriesIn(lines: readonly string[], files: readonly string[]): string[] {
  const found = new Set<string>();
  for (const [token] of lines.join('\n').matchAll(PATH)) {
    // tsc writes the line and the column in parentheses behind a name.
    const path = token.replace(WORKSPACE, '').replace(/^(?:\.\/)+|\(\d+$/g, '');
    const file = files.find((one) => one === path || one.endsWith(`/${path}`));
    if (file) found.add(posix.dirname(file));
    else if (token.startsWith('/workspace/')) found.add(path);
  }
  return [...found];
}

/** The tracked file at a path, if its letters had another case; undefined if a file has the path as it is. */
function otherCase(path: string, files: readonly string[]): string | undefined {
  const same = files.filter((file) => isAt(file.toLowerCase(), path.toLowerCase()));
  return same.some((file) => isAt(file, path)) ? undefined : same[0];
}

function isAt(file: string, path: string): boolean {
  return [file, file.replace(/(?:\.d)?\.\w{1,8}$/, ''), file.replace(/\/index\.\w{1,8}$/i, '')].some((one) =>
    path.startsWith('/') ? `/${one}`.endsWith(path) : one === path,
  );
}
