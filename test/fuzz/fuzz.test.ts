// Searches for the next case in which a warm build is not as a clean one. start.js starts it.
import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTally } from './building/history.js';
import { Lane } from './building/lane.js';
import { tell, tellTally } from './search/report.js';
import { type Finding, search } from './search/search.js';

const MINUTE = 60_000;
const { seed, path, minutes, lanes, without, ignore, only, report } = JSON.parse(
  process.env.FUZZ ?? '{}',
) as {
  seed: number;
  path?: string;
  minutes: number;
  lanes: number;
  without: string[];
  /** Differences that are known: regular expressions for their lines. */
  ignore: string[];
  /** Ends with the first finding. */
  only: boolean;
  report?: string;
};
const until = Date.now() + minutes * MINUTE;
const muted = new Set(without);
const ignored = ignore.map((pattern) => new RegExp(pattern));
const tally = newTally();
const findings: Finding[] = [];
const errors: unknown[] = [];

const say = async (text: string) => {
  console.log(text);
  if (report) await appendFile(report, `${text}\n\n`);
};

const told = () => tellTally(tally, (Date.now() - until) / MINUTE + minutes);
/** Somebody may watch. */
const watching = setInterval(() => console.log(told()), MINUTE);

let open: Lane[] = [];
beforeAll(async () => {
  open = await Promise.all(Array.from({ length: lanes }, () => Lane.open()));
});
afterAll(async () => {
  clearInterval(watching);
  for (const lane of open) await lane[Symbol.asyncDispose]();
});

it(
  'a warm build is as a clean one',
  async () => {
    await Promise.all(open.map((lane, index) => searchIn(lane, seed + index)));
    await say(told());
    if (muted.size > 0) await say(`left out, some after they were found: ${[...muted].join(', ')}`);
    expect(errors).toEqual([]);
    expect(findings.length, 'findings').toBe(0);
  },
  (minutes + 30) * MINUTE,
);

/** Searches in one lane until time has ended. What was found is left out of the further search. */
async function searchIn(lane: Lane, first: number): Promise<void> {
  for (let next = first; Date.now() < until; next += lanes) {
    const onFound = (found: Omit<Finding, 'path'>) =>
      console.log(tell({ ...found, path: 'being made shorter' }));
    const options = {
      seed: next,
      until,
      shrinking: 2 * MINUTE,
      muted,
      ignored,
      tally,
      histories: 1000,
      onFound,
    };
    const found = await search(lane, { ...options, ...(path ? { path, histories: 1 } : {}) }).catch(
      (error: unknown) => {
        errors.push(error);
        return say(`The search itself failed (seed ${next}): ${error}`);
      },
    );
    if (found) {
      findings.push(found);
      await say(tell(found));
      for (const name of found.names.length > 0 ? found.names : [found.kind]) muted.add(name);
    }
    if (path || only) return;
  }
}
