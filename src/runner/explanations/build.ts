// What programs of a build say last when Node.js, the machine or a package of this platform fails them. Pure.
import type { Explanation } from './explanation.js';
import { tidy } from './extract.js';
import { diskFull } from './registry-words.js';

interface Row {
  /** Matches the line of an error as Node.js or the tool writes it. */
  pattern: RegExp;
  explain: (found: RegExpExecArray) => Explanation;
}

const LINUX = `linux(?:musl)?-(?:x64|arm64)(?:-(?:gnu|musl))?`;

const ROWS: Row[] = [
  {
    pattern:
      /^(?:.*\w*Error\]?:? (?:\S+: )?)?ENOSPC: no space left on device|^\S+: (?:.+: )?No space left on device$/,
    explain: diskFull,
  },
  {
    pattern: new RegExp(
      String.raw`^Error: Cannot find module '?(@[\w-]+/[\w.-]*${LINUX}|[./\w-]+\.${LINUX}\.node)\b`,
    ),
    explain: ([, name = '']) => lacksPlatform(name),
  },
  {
    pattern: /^Error: The package "(@esbuild\/[\w-]+)" could not be found, and is needed by esbuild/,
    explain: ([, name = '']) => lacksPlatform(name),
  },
  {
    pattern: /^Error: Could not load the "(sharp)" module using the (\S+) runtime/,
    explain: ([, name = '', platform = '']) => lacksPlatform(`${name} for ${platform}`),
  },
  {
    pattern: /^Error: (?:Cannot find native binding\. npm has a bug|Failed to load native binding$)/,
    explain: () => lacksPlatform('a native binding'),
  },
];

/** How a line begins that names an error. The cause of an error and what belongs to it are indented. */
const ERROR =
  /^(?:[\w.]*Error|error|fatal|panic|ERROR|FATAL)\b|^\S+: (?:error|fatal)\b|^\S+\(\d+,\d+\): error\b/;

/** Explains the last error of a build, if no other follows. */
export function readBuild(lines: readonly string[]): Explanation | undefined {
  for (const { pattern, explain } of ROWS) {
    const at = lines.findLastIndex((line) => pattern.test(line));
    const found = pattern.exec(lines[at] ?? '');
    const isLast = !lines.slice(at + 1).some((line) => ERROR.test(line) && !pattern.test(line));
    if (found && isLast) return { extract: tidy([lines[at] ?? '']), ...explain(found) };
  }
  return undefined;
}

function lacksPlatform(what: string): Explanation {
  return {
    id: 'platform-missing',
    fault: 'project',
    message: `the lockfile lacks packages of this platform: ${what}`,
    remedy:
      'It was made on another one, or without optional dependencies: remove it and node_modules, install again, and commit it.',
  };
}
