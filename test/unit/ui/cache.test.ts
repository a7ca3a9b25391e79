import { expect, it } from 'vitest';
import type { StoredSnapshot } from '../../../src/snapshot/prune.js';
import { drawCache } from '../../../src/ui/cache.js';

it('draws a line a snapshot, below a heading', () => {
  const entry = {
    ...{ user: 'ann', project: 'site', repository: 'example.com/me/site', branch: 'main', name: 'n' },
    ...{ bytes: 1_600_000, usedAt: 0, hits: 12 },
  } as StoredSnapshot;
  expect(drawCache([entry], Number.POSITIVE_INFINITY)).toEqual([
    'PROJECT  REPOSITORY           BRANCH  SIZE     LAST USED            HITS',
    'site     example.com/me/site  main    1.5 MiB  1970-01-01 00:00:00  12',
  ]);
});
