// What tells a build that the snapshot it waits for is there.
import { expect, it } from 'vitest';
import type { ListedContainer } from '../../../src/docker/container.js';
import { standbyName } from '../../../src/docker/names.js';
import type { InstallationId } from '../../../src/job/identity.js';
import { newStandbys, withStarted } from '../../../src/runner/saving.js';

const container = (id: string, state: string, name = standbyName('0123456789ab' as InstallationId)) =>
  ({ id, name, state, labels: {} }) as ListedContainer;

it.each([
  { what: 'one that comes and runs', before: [], now: [container('a', 'running')], told: ['a'] },
  {
    what: 'one that was there and runs now',
    before: [container('a', 'created')],
    now: [container('a', 'running')],
    told: ['a'],
  },
  {
    what: 'none that ran before',
    before: [container('a', 'running')],
    now: [container('a', 'running')],
    told: [],
  },
  { what: 'none that does not run yet', before: [], now: [container('a', 'created')], told: [] },
  { what: 'no build container', before: [], now: [container('a', 'running', 'koalaci-1')], told: [] },
])('$what tells it', ({ before, now, told }) => {
  expect(newStandbys(before, now).map(({ id }) => id)).toEqual(told);
});

const created = { saving: [], others: [container('a', 'created'), container('b', 'created')] };

it('follows a container that starts without another look', () => {
  const seen = withStarted(created, [{ action: 'start', id: 'b' }], ['b']);
  expect(seen?.others.map(({ state }) => state)).toEqual(['created', 'running']);
});

it.each([
  { what: 'nothing was told in time', events: [], known: ['b'] },
  { what: 'one was created after the look began', events: [{ action: 'start', id: 'b' }], known: [] },
  {
    what: 'one is gone',
    events: [
      { action: 'start', id: 'b' },
      { action: 'destroy', id: 'b' },
    ],
    known: ['b'],
  },
])('looks again when $what', ({ events, known }) => {
  expect(withStarted(created, events, known)).toBeUndefined();
});
