// The short form of `npm run fuzz`: one history out of those that it draws, always the same; each state is built warm and clean.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newTally } from '../fuzz/building/history.js';
import { Lane } from '../fuzz/building/lane.js';
import { tell } from '../fuzz/search/report.js';
import { search } from '../fuzz/search/search.js';

const MINUTES = 60_000;
let lane: Lane;

beforeAll(async () => {
  lane = await Lane.open();
});
afterAll(() => lane[Symbol.asyncDispose]());

it.each([44])(
  'the states of a drawn history are built warm as clean (seed %i)',
  async (seed) => {
    const tally = newTally();
    const found = await search(lane, {
      ...{ seed, tally, muted: new Set<string>(), histories: 1, steps: 4 },
      ...{ until: Date.now() + 3 * MINUTES, shrinking: 0 },
    });
    expect(found && tell(found)).toBeUndefined();
    expect(tally.warm).toBeGreaterThan(0);
  },
  5 * MINUTES,
);
