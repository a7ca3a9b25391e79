import { expect, it } from 'vitest';
import { superfluous } from '../../../src/snapshot/standbys.js';

const standby = (id: string, base: string, state = 'running') => ({
  ...{ id, state, name: `koalaci-standby-${id}` },
  labels: { 'koalaci.base': base },
});

it.each([
  ['one on the newest snapshot stays', [standby('a', 'new')], []],
  ['one on an older snapshot goes', [standby('a', 'old'), standby('b', 'new')], ['a']],
  ['two on the newest stay', [standby('a', 'new'), standby('b', 'new')], []],
  ['of three, the newer ones', [standby('a', 'new'), standby('b', 'new'), standby('c', 'new')], ['c']],
  ['one that has stopped goes', [standby('a', 'new', 'exited'), standby('b', 'new')], ['a']],
  [
    'one that is being started counts',
    [standby('a', 'new', 'created'), standby('b', 'new'), standby('c', 'new')],
    ['c'],
  ],
  ['one that is being started is left alone', [standby('a', 'new'), standby('b', 'old', 'created')], []],
])('%s', (_, standbys, gone) => {
  expect(superfluous(standbys, 'new').map(({ id }) => id)).toEqual(gone);
});

it('without a snapshot all go', () => {
  expect(superfluous([standby('a', 'old')], undefined).map(({ id }) => id)).toEqual(['a']);
});
