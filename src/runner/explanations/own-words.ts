// The last words of each package manager, in the form that its rows read. Pure.
import { npmBlock } from './npm-block.js';
import { pnpmError } from './pnpm-error.js';
import type { Manager } from './row.js';
import { trimEnd } from './words.js';

/** Its errors, if it had the last word; a script's are not its own. */
export const OWN_WORDS: Record<Manager, (lines: readonly string[]) => string | undefined> = {
  npm(lines) {
    const block = npmBlock(lines);
    return block && !block.failed ? block.lines.join('\n') : undefined;
  },
  pnpm(lines) {
    const error = pnpmError(lines);
    return error && `${error.code} ${error.words}`;
  },
  yarn(lines) {
    const last = trimEnd(lines).slice(-MOST_LINES);
    if (last.some((line) => line.startsWith('➤ YN'))) return berryWords(last);
    const isClassic = last.some((line) => /^(?:info Visit https:\/\/yarnpkg\.com|error )/.test(line));
    const isUsage = last.some((line) => /^(?:Usage|Internal|Syntax) Error: /.test(line));
    return isClassic || isUsage ? last.join('\n') : undefined;
  },
  bun(lines) {
    const last = trimEnd(lines).slice(-MOST_LINES);
    return last.some((line) => /^bun (?:install|add|i|ci) v\d/.test(line)) ? last.join('\n') : undefined;
  },
};
const MOST_LINES = 40;

function berryWords(lines: readonly string[]): string | undefined {
  if (!/^➤ YN(?:0000: .*Failed with errors|(?!0000)\d{4}: )/.test(lines.at(-1) ?? '')) return undefined;
  return lines.map((line) => line.replace(/^➤ (YN\d{4}): (?:[│┌└·] )?/, '$1: ')).join('\n');
}
