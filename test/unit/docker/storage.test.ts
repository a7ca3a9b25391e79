import { expect, it } from 'vitest';
import { isLimiting, parseStorage } from '../../../src/docker/storage.js';

const overlay = { driver: 'overlay2', root: '/var/lib/docker' };
const ROOT = '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw';
const mount = (point: string, type: string, options: string) =>
  `40 22 8:1 / ${point} rw,relatime shared:1 - ${type} /dev/sdb ${options}`;

it.each([
  ['btrfs', { driver: 'btrfs', root: undefined }, '', true],
  ['zfs', { driver: 'zfs', root: '/var/lib/docker' }, ROOT, true],
  ['overlay2 on ext4', overlay, ROOT, false],
  [
    'overlay2 on xfs with project quotas',
    overlay,
    `${ROOT}\n${mount('/var/lib/docker', 'xfs', 'rw,prjquota')}`,
    true,
  ],
  [
    'overlay2 on xfs with project quotas above',
    overlay,
    `${ROOT}\n${mount('/var', 'xfs', 'rw,pquota')}`,
    true,
  ],
  ['overlay2 on xfs without', overlay, `${ROOT}\n${mount('/var/lib/docker', 'xfs', 'rw,noquota')}`, false],
  ['overlay2 beside such an xfs', overlay, `${ROOT}\n${mount('/var/lib/dock', 'xfs', 'rw,prjquota')}`, false],
  ['overlay2 on another machine', { driver: 'overlay2', root: undefined }, ROOT, false],
  ['nothing known', { driver: '', root: undefined }, '', false],
])('tells whether the engine limits what is written: %s', (_, storage, mountinfo, isTrue) => {
  expect(isLimiting(storage, mountinfo)).toBe(isTrue);
});

it.each([
  [
    { Name: 'overlay2', Data: { UpperDir: '/var/lib/docker/overlay2/a/diff' } },
    'overlay2',
    '/var/lib/docker',
  ],
  [{ Name: 'btrfs', Data: null }, 'btrfs', undefined],
  [{ Name: 'zfs', Data: { Mountpoint: '/srv/docker/zfs/graph/a' } }, 'zfs', '/srv/docker'],
  [null, '', undefined],
])('reads %o', (graph, driver, root) => {
  expect(parseStorage(graph)).toEqual({ driver, root });
});
