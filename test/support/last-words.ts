// What real tools printed when they failed: "### npm@11 step=build exit=1" stands above each output.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../src/job/status.js';

export const FAILURES = join(import.meta.dirname, '../fixtures/failures');

export interface Said {
  /** The kind of failure: the name of the file. */
  id: string;
  /** The tool, with its version. */
  tool: string;
  step: Step;
  exitCode: number;
  output: string;
}

/** All outputs of test/fixtures/failures. */
export function allSaid(): Said[] {
  return readdirSync(FAILURES).flatMap((file) => {
    const parts = readFileSync(join(FAILURES, file), 'utf8').split(/^### (?=\S+ step=)/m);
    return parts.slice(1).map((part) => {
      const [, tool = '', step = '', code, output = ''] =
        /^(\S+) step=(\S+) exit=(\d+)\n([\s\S]*)$/.exec(part) ?? [];
      return {
        id: file.replace(/\.txt$/, ''),
        tool,
        step: step as Step,
        exitCode: Number(code),
        output,
      };
    });
  });
}
