// What programs of a build say last when Node.js, the machine or a package of this platform fails them. Pure.
import type { Explanation } from './explanation.js';
import { diskFull } from './registry-words.js';

interface Row extends Partial<Explanation> {
  pattern: RegExp;
  explain: (found: RegExpExecArray) => Explanation;
}

const PLATFORM = /\b(?:linux-(?:x64|arm64)(?:-(?:gnu|musl))?|linuxmusl-(?:x64|arm64))\b/;

/** Each matches the line of an error, as Node.js or the tool itself writes it. */
const ROWS: Row[] = [
  {
    pattern: /^FATAL ERROR: .*JavaScript heap out of memory/,
    explain: () => ({
      message: 'Node.js ran out of heap memory',
      remedy: 'Set NODE_OPTIONS=--max-old-space-size=… in env, below the memory limit.',
    }),
  },
  {
    pattern: /^Error: error:0308010C:digital envelope routines::unsupported/,
    explain: () => ({
      message: 'a bundler of before 2021, such as webpack 4, does not work with the OpenSSL of Node 17 and newer',
      remedy: 'Update it, or set node_version to 16, or NODE_OPTIONS=--openssl-legacy-provider in env.',
    }),
  },
  {
    pattern: /^(?:Uncaught )?(?:\[?\w*Error[^:\]]*\]?: |\S*: )?ENOSPC: no space left on device|: No space left on device$/,
    explain: diskFull,
  },
  {
    pattern: /^(?:\w*Error: )?(?:\[.*\] )?Cannot find module '?(@[\w-]+\/[\w.-]+|[./]*[\w./-]+\.node)'?/,
    explain: ([, name = '']) => lacksPlatform(name),
  },
  {
    pattern: /^(?:\w*Error: )?The package "(@esbuild\/[\w-]+)" could not be found, and is needed by esbuild/,
    explain: ([, name = '']) => lacksPlatform(name),
  },
  {
    pattern: /^Error: Could not load the "(sharp)" module using the (\S+) runtime/,
    explain: ([, name = '', platform = '']) => lacksPlatform(`${name} for ${platform}`),
  },
  {
    pattern: /^Error: (?:Cannot find native binding|Failed to load native binding)/,
    explain: () => lacksPlatform('a native binding'),
  },
];

/** How a line names an error that would be a later cause than the one before it. */
const ERROR = /^(?:[\w.]*Error|error|fatal|panic|ERROR|FATAL)\b|: (?:error|fatal)\b/;

/** Explains the last error of a build. */
export function readBuild(lines: readonly string[]): Explanation | undefined {
  for (const row of ROWS) {
    const at = lines.findLastIndex((line) => row.pattern.test(line));
    const found = row.pattern.exec(lines[at] ?? '');
    if (found && isLast(lines, at) && isOfPlatform(row, found)) return row.explain(found);
  }
  return undefined;
}

/** Whether no other error follows; frames, repetitions and the cause of the same error do not count. */
function isLast(lines: readonly string[], at: number): boolean {
  return !lines.slice(at + 1).some((line) => ERROR.test(line) && line !== lines[at]);
}

function isOfPlatform({ pattern }: Row, found: RegExpExecArray): boolean {
  return !pattern.source.includes('Cannot find module') || PLATFORM.test(found[1] ?? '');
}

function lacksPlatform(what: string): Explanation {
  return {
    message: `the packages of this platform are missing: ${what}`,
    remedy:
      'The lockfile was made on another platform, or without optional dependencies: remove it and node_modules, install again, and commit it.',
  };
}
