// What package managers say when git cannot fetch a dependency. Pure.
import type { Explanation } from './explanation.js';
import { shorten } from './words.js';

const ADDRESS = String.raw`((?:git\+)?(?:ssh|https?|git|file)://[^\s"]+|[\w.-]+@[\w.-]+:[^\s"]+)`;
/** The command as npm and pnpm name it, yarn 1's arguments of git, pnpm 12's own sentence, and a line of yarn berry. */
const COMMANDS = [
  new RegExp(String.raw`\bgit(?: -\S+)* (?:ls-remote|clone|fetch)\b[^\n]*?\s${ADDRESS}`),
  new RegExp(String.raw`\nCommand: git\nArguments: [^\n]*?\s${ADDRESS}`),
  new RegExp(`Failed to resolve git dependency "${ADDRESS}"`),
  new RegExp(`^Repository URL: ${ADDRESS}`),
];
/** git's and ssh's own words. */
const WHY = /(?:^|\n|failed: )((?:ssh|fatal|remote|ERROR|\S+@\S+): .+?)(?= fatal: |\n|$)/;

/** A dependency that comes from git, in the words of the package manager that wanted it. */
export function gitDependency(words: string): Explanation | undefined {
  const address = COMMANDS.map((pattern) => pattern.exec(words)?.[1]).find(Boolean);
  if (!address) return undefined;
  const why = WHY.exec(words)?.[1];
  return {
    id: 'git-dependency',
    fault: 'job',
    message: `a dependency from git cannot be fetched: ${address}${why ? ` (${shorten(why)})` : ''}`,
    remedy: 'Check its address, and that the build has credentials that may read it.',
  };
}
