import { expect, it } from 'vitest';
import {
  buildName,
  defaultTag,
  defaultTagBeside,
  isBranchTag,
  isDefaultTag,
  isSavingName,
  isStandbyName,
  LABEL,
  ownerLabels,
  readLabel,
  runnerOfName,
  savingName,
  snapshotTag,
  standbyName,
} from '../../../src/docker/names.js';
import type { JobId, SnapshotKey } from '../../../src/job/identity.js';

const id = (user: string, deployment: string) => ({ user, deployment }) as JobId;
const key = (user: string, project: string, branch: string) => ({ user, project, branch }) as SnapshotKey;
const RUNNER = 'build-box.lan-0a1b2c3d-42-9000';

it('gives each attempt of a deployment a container of its own', () => {
  const first = buildName(id('a', 'b'), '1', RUNNER);
  expect(first).toMatch(/^koalaci-[0-9a-f]{24}-build-box\.lan-0a1b2c3d-42-9000$/);
  expect(buildName(id('a', 'b'), '2', RUNNER)).not.toBe(first);
  expect(buildName(id('a:b', 'c'), '1', RUNNER)).not.toBe(buildName(id('a', 'b:c'), '1', RUNNER));
});

it('reads the runner back from a build container, also while that is being saved', () => {
  const name = buildName(id('a', 'b'), '1', RUNNER);
  expect(runnerOfName(name)).toBe(RUNNER);
  expect(runnerOfName(savingName(name))).toBe(RUNNER);
});

it.each([
  'koalaci-0123456789abcdef01234567',
  'koalaci-standby-0123',
  'koalaci-redis-012345678901',
  'redis',
])('finds no runner in %s', (name) => {
  expect(runnerOfName(name)).toBeUndefined();
});

it('tells containers that wait, and those that are being saved, from the rest', () => {
  const name = buildName(id('a', 'b'), '1', RUNNER);
  const standby = standbyName(snapshotTag(key('a', 'b', 'main')));
  expect([name, savingName(name), standby].map(isSavingName)).toEqual([false, true, false]);
  expect([name, savingName(name), standby].map(isStandbyName)).toEqual([false, false, true]);
});

it('gives no two branches, projects or users the same snapshot', () => {
  const keys = [
    key('a', 'b', 'c'),
    key('a', 'b', 'd'),
    key('a', 'c', 'c'),
    key('b', 'b', 'c'),
    key('a:b', '', 'c'),
  ];
  expect(new Set(keys.map(snapshotTag)).size).toBe(keys.length);
});

it('finds the default name beside a branch’s, and tells them apart', () => {
  const site = key('ann', 'site', 'main');
  expect(defaultTagBeside(snapshotTag(site))).toBe(defaultTag(site));
  expect([snapshotTag(site), defaultTag(site), 'koalaci:latest'].map(isBranchTag)).toEqual([
    true,
    false,
    false,
  ]);
  expect([snapshotTag(site), defaultTag(site), 'koalaci:latest'].map(isDefaultTag)).toEqual([
    false,
    true,
    false,
  ]);
});

it('reads an owner back from the labels, whatever it holds', () => {
  const owner = key('Ann: ü,=', 'site', 'feature/a=b,c');
  const labels = ownerLabels(owner);
  expect(readLabel(labels, LABEL.user)).toBe(owner.user);
  expect(readLabel(labels, LABEL.branch)).toBe(owner.branch);
  expect(Object.values(labels).join('')).not.toMatch(/[,=]/);
  expect(readLabel({}, LABEL.user)).toBe('');
});
