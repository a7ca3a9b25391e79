// Finds the file that was meant where a module is not found because its letters' case differs. Pure.
import type { Explanation, Failure } from './explanation.js';

/** How Node.js, TypeScript and bundlers name a module that is not there; the first group is its name. */
const MISSING = [
  /\bCannot find module ['"]([^'"\n]{1,300})['"]/,
  /\bModule not found: (?:Error: )?Can't resolve ['"]([^'"\n]{1,300})['"]/,
  /\b[Cc]ould not resolve (?:import |entry module )?['"]([^'"\n]{1,300})['"]/,
  /\bFailed to resolve (?:import |entry module )?['"]([^'"\n]{1,300})['"]/,
  /\bCould not load (\/\S{1,300})/,
  /\bENOENT: no such file or directory, \w+ ['"]([^'"\n]{1,300})['"]/,
  /\bCan't find stylesheet to import\b.*?['"]([^'"\n]{1,300})['"]/,
  /\bUnable to resolve path to module ['"]([^'"\n]{1,300})['"]/,
];
/** What a name in a source may lack. */
const ENDING = /(?:\/index)?(?:\.d)?(?:\.[a-z]{1,8})?$/i;
const LATEST = 80;

/** Explains a missing module whose file is there under a name that differs in upper and lower case only. */
export function readModules(lines: readonly string[], { files }: Failure): Explanation | undefined {
  if (!files) return undefined;
  for (const line of lines.slice(-LATEST))
    for (const pattern of MISSING) {
      const name = pattern.exec(line)?.[1];
      const other = name === undefined ? undefined : otherCase(name, files);
      if (name !== undefined && other)
        return {
          message: `there is no ${name}, but a ${other}: upper and lower case differ`,
          remedy: 'Write the name as the file has it, or rename the file with git mv; here, unlike on macOS and Windows, they are two names.',
        };
    }
  return undefined;
}

/** The tracked file that a name would be, if its letters had another case; undefined if a file has the name as it is. */
function otherCase(name: string, files: readonly string[]): string | undefined {
  const path = tailOf(name);
  if (path === '') return undefined;
  const same = files.filter((file) => isNamed(file.toLowerCase(), path.toLowerCase()));
  return same.some((file) => isNamed(file, path)) ? undefined : same[0];
}

/** The part of a name that a path in the project ends with: aliases such as @/ and steps upwards are left out. */
function tailOf(name: string): string {
  const path = name.split('?')[0]?.replace(/^(?:file:\/\/)?\/workspace\//, './') ?? '';
  if (!/^(?:\.{1,2}\/|[@~#$]?\/|~|src\/)/.test(path)) return '';
  return path.replace(/^(?:\.{1,2}\/|[@~#$]?\/|~)+/, '');
}

function isNamed(file: string, path: string): boolean {
  return [file, file.replace(ENDING, ''), file.replace(/\.[a-z]{1,8}$/i, '')].some(
    (one) => one === path || one.endsWith(`/${path}`),
  );
}
