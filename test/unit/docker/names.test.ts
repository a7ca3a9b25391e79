import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildName,
  defaultTag,
  defaultTagBeside,
  detectName,
  flattenName,
  isBranchTag,
  isBriefName,
  isDefaultTag,
  isDetectName,
  isSavingName,
  isStandbyName,
  LABEL,
  ownerLabels,
  readLabel,
  runnerOfName,
  savingName,
  sharedTag,
  snapshotPattern,
  snapshotTag,
  standbyName,
} from '../../../src/docker/names.js';
import type { InstallationId, JobId, SnapshotKey } from '../../../src/job/identity.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const id = (user: string, deployment: string) => ({ user, deployment }) as JobId;
const OURS = '0123456789ab' as InstallationId;
const key = (user: string, project: string, branch: string, more: Partial<SnapshotKey> = {}) =>
  ({ installation: OURS, user, project, repository: 'example.com/site', branch, ...more }) as SnapshotKey;
const build = (of: JobId, attempt: string, runner: string) => buildName(OURS, of, { attempt, runner });
const RUNNER = 'build-box.lan-0a1b2c3d-42-9000';

it('gives each attempt of a deployment a container of its own', () => {
  const first = build(id('a', 'b'), '1', RUNNER);
  expect(first).toMatch(/^koalaci-0123456789ab-[0-9a-f]{24}-build-box\.lan-0a1b2c3d-42-9000$/);
  expect(build(id('a', 'b'), '2', RUNNER)).not.toBe(first);
  expect(build(id('a:b', 'c'), '1', RUNNER)).not.toBe(build(id('a', 'b:c'), '1', RUNNER));
});

it('reads the runner back from a build container, also while that is being saved', () => {
  const name = build(id('a', 'b'), '1', RUNNER);
  expect(runnerOfName(name)).toBe(RUNNER);
  expect(runnerOfName(savingName(name))).toBe(RUNNER);
  expect(runnerOfName(savingName(name, true))).toBe(RUNNER);
  expect(runnerOfName(savingName(name, true, 'other-1-2-3'))).toBe('other-1-2-3');
  expect(runnerOfName(flattenName(OURS, RUNNER))).toBe(RUNNER);
  expect(runnerOfName(detectName(OURS, RUNNER))).toBe(RUNNER);
});

it.each([
  'koalaci-0123456789ab-0123456789abcdef01234567',
  standbyName(OURS),
  'koalaci-redis-012345678901',
  'redis',
])('finds no runner in %s', (name) => {
  expect(runnerOfName(name)).toBeUndefined();
});

it('tells containers that wait, and those that are being saved, from the rest', () => {
  const name = build(id('a', 'b'), '1', RUNNER);
  const standby = standbyName(OURS);
  const all = [name, savingName(name), savingName(name, true), standby, detectName(OURS, RUNNER)];
  expect(all.map(isSavingName)).toEqual([false, true, true, false, false]);
  expect(all.map(isBriefName)).toEqual([false, false, true, false, false]);
  expect(all.map(isStandbyName)).toEqual([false, false, false, true, false]);
  expect(all.map(isDetectName)).toEqual([false, false, false, false, true]);
});

it('gives every standby container a name of its own', () => {
  expect(standbyName(OURS)).not.toBe(standbyName(OURS));
});

it('gives no two branches, repositories, projects, users or installations the same snapshot', () => {
  const keys = [
    key('a', 'b', 'c'),
    key('a', 'b', 'd'),
    key('a', 'c', 'c'),
    key('b', 'b', 'c'),
    key('a:b', '', 'c'),
    key('a', 'b', 'c', { repository: 'example.com/fork' }),
    key('a', 'b', 'c', { installation: 'ba9876543210' as InstallationId }),
  ];
  expect(new Set(keys.map(snapshotTag)).size).toBe(keys.length);
  expect(new Set(keys.map(defaultTag)).size).toBe(keys.length - 1);
  expect(new Set(keys.map((one) => JSON.stringify(ownerLabels(one)))).size).toBe(keys.length);
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

it('gives a snapshot the same shared name in every installation, and else another one', () => {
  const names = (installation: string) => {
    const site = key('ann', 'site', 'main', { installation: installation as InstallationId });
    return [snapshotTag(site), defaultTag(site)].map(sharedTag);
  };
  expect(names('0123456789ab')).toEqual(names('ba9876543210'));
  expect(new Set(names('0123456789ab')).size).toBe(2);
  expect(names('0123456789ab').join()).not.toContain('0123456789ab');
});

it('finds the snapshots of its own installation by their names', () => {
  const pattern = snapshotPattern(OURS).replace('*', '');
  const theirs = key('a', 'b', 'c', { installation: 'ba9876543210' as InstallationId });
  expect(snapshotTag(key('a', 'b', 'c')).startsWith(pattern)).toBe(true);
  expect(defaultTag(key('a', 'b', 'c')).startsWith(pattern)).toBe(true);
  expect(snapshotTag(theirs).startsWith(pattern)).toBe(false);
});

it('reads an owner back from the labels, whatever it holds', () => {
  const owner = key('Ann: ü,=', 'site', 'feature/a=b,c', { repository: '/srv/a,b=c' });
  const labels = ownerLabels(owner);
  expect(readLabel(labels, LABEL.user)).toBe(owner.user);
  expect(readLabel(labels, LABEL.repository)).toBe(owner.repository);
  expect(readLabel(labels, LABEL.branch)).toBe(owner.branch);
  expect(Object.values(labels).join('')).not.toMatch(/[,=]/);
  expect(readLabel({}, LABEL.user)).toBe('');
});

describe('whatever strangers call things, different ones have different names', () => {
  const keyOf = ([user, project, repository, branch]: string[]) =>
    ({ installation: OURS, user, project, repository, branch }) as SnapshotKey;
  const four = tuples(userIds, 4);

  it.each([
    ['snapshots', snapshotTag],
    ['snapshots in a registry', (one: SnapshotKey) => sharedTag(snapshotTag(one))],
    ['owners', (one: SnapshotKey) => JSON.stringify(ownerLabels(one))],
  ])('%s', (_, name) => {
    expectInjective(four, (parts) => name(keyOf(parts)));
  });

  it('default snapshots', () => {
    expectInjective(tuples(userIds, 3), (parts) => defaultTag(keyOf([...parts, 'main'])));
  });

  it('containers', () => {
    expectInjective(tuples(userIds, 2), ([user = '', deployment = '']) =>
      build(id(user, deployment), '1', RUNNER),
    );
  });

  it('and each label is read back', () => {
    assert(
      property(four, (parts) => {
        const labels = ownerLabels(keyOf(parts));
        const names = [LABEL.user, LABEL.project, LABEL.repository, LABEL.branch];
        expect(names.map((name) => readLabel(labels, name))).toEqual(parts);
      }),
    );
  });
});
