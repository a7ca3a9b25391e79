import { describe, expect, it } from 'vitest';
import {
  type Candidate,
  isSite,
  keptReleases,
  parseReleases,
  releasesAt,
  repositoryOf,
  type TargetReleases,
  whyNotServed,
  withHeld,
  withoutPin,
  withPin,
  withServed,
} from '../../../src/releases/project-releases.js';

const built = (deployment: string, createdAt: number, more: Partial<Candidate> = {}): Candidate => ({
  ...{ deployment, createdAt, digest: deployment, branch: 'main', repository: 'example.org/site' },
  ...more,
});
const serve = (before: TargetReleases, candidate: Candidate, place = 'current', keep = 2) =>
  withServed(before, place, { candidate, by: 'build', now: candidate.createdAt + 5, keep });
const nothing = releasesAt({}, 'production');
const [d1, d2, d3, d4] = [1, 2, 3, 4].map((n) => built(`d${n}`, n)) as [
  Candidate,
  Candidate,
  Candidate,
  Candidate,
];

describe('a build is served', () => {
  it('where nothing is, and in place of an older one, or of itself', () => {
    expect(whyNotServed(nothing, 'current', d1)).toBeUndefined();
    const at = serve(nothing, d2);
    expect([whyNotServed(at, 'current', d3), whyNotServed(at, 'current', d2)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('not in place of a newer one, nor of one that a rollback has replaced', () => {
    expect(whyNotServed(serve(nothing, d3), 'current', d2)).toBe('d3, which was created later, is');
    const rolledBack = withoutPin(withPin(serve(serve(nothing, d3), d1), 'ann', 9));
    expect(whyNotServed(rolledBack, 'current', d2)).toBe('one that was created later was');
    expect(whyNotServed(rolledBack, 'current', d4)).toBeUndefined();
  });

  it('not while another one is pinned, but from other places', () => {
    const pinned = withPin(serve(serve(nothing, d2), d1), 'ann', 9);
    expect(whyNotServed(pinned, 'current', d3)).toBe(
      'd1 stays, which ann has released, until "koalaci release --resume"',
    );
    expect(whyNotServed(pinned, 'branches/next/current', d3)).toBeUndefined();
    expect(whyNotServed(withoutPin(pinned), 'current', d3)).toBeUndefined();
  });

  it('not as the site, where that is another repository’s', () => {
    const fork = built('d9', 9, { repository: 'example.org/fork' });
    expect(whyNotServed(serve(nothing, d1), 'current', fork)).toMatch(
      /^it is of another repository than the site/,
    );
    expect(whyNotServed(serve(nothing, d1), 'branches/next/current', fork)).toBeUndefined();
    const local = built('d9', 9, { repository: repositoryOf('/srv/checkout') });
    expect(whyNotServed(serve(nothing, d1), 'current', local)).toBeUndefined();
  });
});

it('what is held back by a pin is the newest that would be served', () => {
  const pinned = withPin(serve(serve(nothing, d3), d1), 'ann', 9);
  expect(withHeld(pinned, d2).held).toBeUndefined();
  const held = withHeld(withHeld(pinned, d4), built('d3b', 3));
  expect(held.held?.deployment).toBe('d4');
  expect(withoutPin(held)).not.toHaveProperty('held');
  expect(withHeld(serve(nothing, d1), d2).held).toBeUndefined();
});

describe('what is kept', () => {
  it('is what was the site before, the last ones, each once', () => {
    const all = [d1, d2, d3, d4, d3].reduce((before, one) => serve(before, one), nothing);
    expect([all.served.current?.deployment, all.kept.map(({ deployment }) => deployment)]).toEqual([
      'd3',
      ['d4', 'd2'],
    ]);
  });

  it('is of another branch only what is served', () => {
    const next = [d1, d2].reduce(
      (before, one) => serve(before, one, 'branches/next/current'),
      serve(nothing, d3),
    );
    expect([...keptReleases({ production: next }).keys()].sort()).toEqual(['d2', 'd3']);
  });

  it('says of each deployment where it is served from, and was', () => {
    const production = serve(serve(nothing, d1), d2);
    const kept = keptReleases({ production, spare: serve(nothing, d1) });
    const [at, by] = [{ place: 'current', releasedAt: 6 }, { releasedBy: 'build' }];
    expect(kept.get('d1')).toEqual([
      { target: 'production', ...at, ...by, replacedAt: 7 },
      { target: 'spare', ...at, ...by },
    ]);
    expect(kept.get('d2')).toEqual([{ target: 'production', ...at, releasedAt: 7, ...by }]);
  });
});

it('the branch of the site is known, of its repository only', () => {
  const releases = { production: serve(nothing, d1), other: nothing };
  const of = (branch: string, repo: string) => isSite(releases, { branch, repo });
  expect(of('main', 'https://example.org/site.git')).toBe(true);
  expect([of('next', 'https://example.org/site.git'), of('main', 'https://example.org/fork')]).toEqual([
    false,
    false,
  ]);
});

it('all of it is read back from Redis, and what is broken counts as nothing', () => {
  const production = withHeld(withPin(serve(serve(nothing, d1), d2), 'ann', 9), d3);
  const read = parseReleases({ production: JSON.stringify(production), broken: '{', old: '{}' });
  expect(read).toEqual({ production, broken: nothing, old: nothing });
});
