// Finds out from the last output of a failed step what happened and what to try. Pure.
//
// Each reader knows how one tool ends when it fails, and keeps silent where another one has had the last word: no
// explanation is better than a wrong one.
import { readBuild } from './explanations/build.js';
import { readBun } from './explanations/bun.js';
import type { Explanation, Failure, Reader } from './explanations/explanation.js';
import { readModules } from './explanations/modules.js';
import { readNpm } from './explanations/npm.js';
import { readPnpm } from './explanations/pnpm.js';
import { readShell } from './explanations/shell.js';
import { linesOf } from './explanations/words.js';
import { unwrap } from './explanations/wrappers.js';
import { readYarnBerry } from './explanations/yarn-berry.js';
import { readYarnClassic } from './explanations/yarn-classic.js';

const MANAGERS: Reader[] = [readNpm, readYarnClassic, readYarnBerry, readPnpm, readBun];

/**
 * Explains a failed step from the last lines that it printed; undefined when nothing is sure. The step source explains itself
 * (ci/steps/git-words.sh).
 */
export function explain(failure: Failure): Explanation | undefined {
  if (failure.step !== 'install' && failure.step !== 'build') return undefined;
  const lines = linesOf(failure.output);
  const inner = unwrap(lines);
  return (
    byManager(lines, failure) ??
    byManager(inner.lines, failure) ??
    readShell(inner, failure) ??
    readModules(inner.lines, failure) ??
    readBuild(inner.lines)
  );
}

function byManager(lines: readonly string[], failure: Failure): Explanation | undefined {
  for (const read of MANAGERS) {
    const found = read(lines, failure);
    if (found) return found;
  }
  return undefined;
}
