// Finds out from the last output of a failed step what happened, whose fault it is, what to try, and which lines matter. Pure.
//
// First come the readers, each of which knows how one tool ends when it fails, then the table of failures. All keep silent where
// another one has had the last word: no explanation is better than a wrong one.
import { readBuild } from './explanations/build.js';
import { readBun } from './explanations/bun.js';
import type { Explanation, Failure, Reader } from './explanations/explanation.js';
import { lastErrors } from './explanations/extract.js';
import { readModules } from './explanations/modules.js';
import { readNpm } from './explanations/npm.js';
import { OWN_WORDS } from './explanations/own-words.js';
import { readPnpm } from './explanations/pnpm.js';
import { readRow } from './explanations/row.js';
import { ENDLESS_ROWS, INSTALL_ROWS, MANAGER_ROWS, PROGRAM_ROWS } from './explanations/rows.js';
import { readShell } from './explanations/shell.js';
import { linesOf } from './explanations/words.js';
import { unwrap } from './explanations/wrappers.js';
import { readYarnBerry } from './explanations/yarn-berry.js';
import { readYarnClassic } from './explanations/yarn-classic.js';

const MANAGERS: Reader[] = [readManagerRows, readNpm, readYarnClassic, readYarnBerry, readPnpm, readBun];

/** What is known of a failure; of one that nobody knows, the lines that matter. */
export type Explained = Explanation | { extract: string[] };

/**
 * Explains a failed step from the last lines that it printed. The step source explains itself (ci/steps/git-words.sh), and so do others
 * where the container says why: of those, only the lines are looked for.
 */
export function explain(failure: Failure): Explained {
  const lines = shortLines(failure.output);
  const inner = unwrap(lines);
  const extract = lastErrors(inner.lines);
  if (failure.step !== 'install' && failure.step !== 'build') return { extract };
  const known =
    first(MANAGERS, lines, failure) ??
    first(MANAGERS, inner.lines, failure) ??
    readShell(inner, failure) ??
    readModules(inner.lines, failure) ??
    readBuild(inner.lines) ??
    readProgramRows(inner.lines, { ...failure, exitCode: inner.code ?? failure.exitCode });
  if (!known) return { extract };
  return known.extract && known.extract.length > 0 ? known : { ...known, extract };
}

/** Explains a step that did not end: it was silent, or took too long. */
export function explainEndless(failure: Failure): Explained {
  const lines = shortLines(failure.output);
  const known = ENDLESS_ROWS.map((row) => readRow(row, lines.join('\n'), failure)).find(Boolean);
  return known ?? { extract: lastErrors(lines) };
}

/** Lines are cut: a stranger's may be long, and patterns take their time with those. */
function shortLines(output: string): string[] {
  return linesOf(output).map((line) => line.slice(0, LONGEST));
}
const LONGEST = 1_000;

function first(
  readers: readonly Reader[],
  lines: readonly string[],
  failure: Failure,
): Explanation | undefined {
  for (const read of readers) {
    const found = read(lines, failure);
    if (found) return found;
  }
  return undefined;
}

function readManagerRows(lines: readonly string[], failure: Failure): Explanation | undefined {
  for (const row of MANAGER_ROWS) {
    const words = row.of && OWN_WORDS[row.of](lines);
    const found = words ? readRow(row, words, failure) : undefined;
    if (found) return found;
  }
  return undefined;
}

function readProgramRows(lines: readonly string[], failure: Failure): Explanation | undefined {
  const text = lines.join('\n');
  for (const row of failure.step === 'install' ? INSTALL_ROWS : PROGRAM_ROWS) {
    const found = readRow(row, text, failure);
    if (found) return found;
  }
  return undefined;
}
