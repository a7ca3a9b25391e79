import { describe, expect, it } from 'vitest';
import { type Candidate, chooseForRemoval } from '../../../src/archives/choose.js';
import type { Rules } from '../../../src/archives/rules.js';
import type { ProjectId, UserId } from '../../../src/job/identity.js';

const NONE = Number.POSITIVE_INFINITY;
const NOW = 1_000;
type Named = Candidate & { id: string };

/** Archives in the order in which they were built, all of one branch unless they say otherwise. */
function built(
  ...some: (Partial<Omit<Named, 'user' | 'project'>> & { user?: string; project?: string })[]
): Named[] {
  return some.map(({ user = 'ann', project = 'site', ...one }, at) => ({
    ...{
      id: String(at + 1),
      branch: 'main',
      standing: 'ready',
      isReleased: false,
      bytes: 1,
      createdAt: at,
      builtAt: at,
    },
    ...one,
    user: user as UserId,
    project: project as ProjectId,
  }));
}

function gone(all: Named[], rules: Partial<Rules>): string[] {
  const none = { age: NONE, projectCount: NONE, projectBytes: NONE, count: NONE, bytes: NONE };
  const chosen = chooseForRemoval(all, { ...none, ...rules }, NOW);
  return [...chosen].map(([{ id }, rule]) => `${id} ${rule}`).sort();
}

describe('what goes', () => {
  it('is nothing without a rule', () => {
    expect(gone(built({}, {}, {}), {})).toEqual([]);
  });

  it('is what is too old', () => {
    expect(gone(built({}, { builtAt: 500 }, { builtAt: 900 }), { age: 500 })).toEqual(['1 age']);
  });

  it('is the oldest of a project, by number or by bytes', () => {
    const all = built({ project: 'other' }, {}, { bytes: 5 }, {}, {});
    expect(gone(all, { projectCount: 2 })).toEqual(['2 projectCount', '3 projectCount']);
    expect(gone(all, { projectBytes: 3 })).toEqual(['2 projectBytes', '3 projectBytes']);
  });

  it('is the oldest of all of the user who has most by then', () => {
    const all = built({ user: 'bob' }, { user: 'bob' }, { bytes: 9 }, { bytes: 4 }, { bytes: 4 });
    expect(gone(all, { bytes: 10 })).toEqual(['3 bytes']);
    expect(gone(all, { bytes: 9 })).toEqual(['3 bytes', '4 bytes']);
    expect(gone(all, { count: 3 })).toEqual(['1 count', '3 count']);
  });

  it('is counted only once, by the first rule', () => {
    expect(gone(built({}, {}, { builtAt: 999 }), { age: 500, projectCount: 1, count: 1 })).toEqual([
      '1 age',
      '2 age',
    ]);
  });

  it('is what a removal has left, whatever the rules', () => {
    expect(gone(built({}, { standing: 'garbage' }), {})).toEqual(['2 garbage']);
  });
});

describe('what stays', () => {
  const strict = { age: 1, projectCount: 1, projectBytes: 1, count: 1, bytes: 1 };

  it('is the newest READY one of each branch of each project of each user', () => {
    const all = built({}, {}, { branch: 'next' }, { project: 'other' }, { user: 'bob' });
    expect(gone(all, strict)).toEqual(['1 age']);
  });

  it('is the newest READY one also where something newer is not', () => {
    expect(gone(built({}, {}, { standing: 'other' }, { branch: undefined }), strict)).toEqual([
      '1 age',
      '3 age',
      '4 age',
    ]);
  });

  it('is the one that was created last, and the one that was built last', () => {
    const all = built({ createdAt: 1 }, { createdAt: 9 }, { createdAt: 5 });
    expect(gone(all, strict)).toEqual(['1 age']);
  });

  it('is what is served, or kept as a release', () => {
    expect(gone(built({}, { isReleased: true }, {}, {}), strict)).toEqual(['1 age', '3 age']);
  });

  it('is that of a deployment that is built again', () => {
    expect(gone(built({ standing: 'held' }, {}, {}), strict)).toEqual(['2 age']);
  });
});
