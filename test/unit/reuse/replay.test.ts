import { expect, it } from 'vitest';
import { MANAGERS } from '../../reuse/model.js';
import { replay } from '../../reuse/replay.js';

// `npm run reuse` replays longer histories.
it.each(
  MANAGERS,
)('reuses nearly all that it can over the history of a monorepo of %s, and nothing wrong', (manager) => {
  const { hits, possible, wrong } = replay(manager, { commits: 150, seed: 2 });
  expect(wrong).toEqual([]);
  expect(hits / possible).toBeGreaterThanOrEqual(0.95);
});
