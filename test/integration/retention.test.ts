// Old artifacts go: from the record and from the disk, on a real Redis, and never what is still needed.
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findRemovable } from '../../src/archives/find.js';
import { listArtifacts } from '../../src/archives/list.js';
import { prune } from '../../src/archives/prune.js';
import { removeArchive } from '../../src/archives/remove.js';
import { restoreRecords } from '../../src/archives/restore.js';
import type { Rules } from '../../src/archives/rules.js';
import { survey } from '../../src/archives/survey.js';
import type { DeploymentId, JobId, UserId } from '../../src/job/identity.js';
import type { ArtifactInfo, RecordFields } from '../../src/job/record.js';
import { thisRunner } from '../../src/runner/runner-id.js';
import { noteRemoved } from '../../src/store/artifacts.js';
import { load } from '../../src/store/jobs.js';
import { jobKey, keptKey } from '../../src/store/keys.js';
import { takeTurn } from '../../src/store/turns.js';
import { redis } from '../support/own-redis.js';
import { isThere, Shipper } from '../support/shipped.js';

const NONE = Number.POSITIVE_INFINITY;
const DAY = 86_400_000;
let shipper: Shipper;

beforeEach(async () => {
  await redis.flushall();
  const home = await mkdtemp(join(tmpdir(), 'koala-retention-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
});

const idOf = (deployment: string, user = 'ann'): JobId => ({
  user: user as UserId,
  deployment: deployment as DeploymentId,
});
const recordOf = async (deployment: string): Promise<RecordFields> => load(redis, idOf(deployment));
const keptBytes = async (user = 'ann') => Number(await redis.hget(keptKey(user as UserId), 'artifacts'));

/** Prunes, and returns what went. */
async function pruned(
  rules: Partial<Rules>,
  more: { dryRun?: boolean; noticeMs?: number } = {},
): Promise<string[]> {
  const outcome = await prune(redis, {
    artifacts: shipper.artifacts,
    rules: { age: NONE, projectCount: NONE, projectBytes: NONE, count: NONE, bytes: NONE, ...rules },
    ...{ dryRun: false, noticeMs: 0, ...more },
  });
  return outcome.pruned.map(({ archive }) => archive.deployment).sort();
}

async function expectGone({ path, manifest }: ArtifactInfo): Promise<void> {
  expect([await isThere(path), await isThere(manifest)]).toEqual([false, false]);
}

/** As an earlier version wrote it. */
async function withoutList({ manifest }: ArtifactInfo): Promise<void> {
  const { entries: _, created_at: __, ...rest } = JSON.parse(await readFile(manifest, 'utf8'));
  await writeFile(manifest, `${JSON.stringify(rest, null, 2)}\n`);
}

describe('what is too much for a project goes', () => {
  it('the oldest first; then the record says so, and the user keeps less', async () => {
    const first = await shipper.ship('d1', { agoMs: 3 * DAY });
    const second = await shipper.ship('d2', { agoMs: 2 * DAY });
    await shipper.ship('d3', { agoMs: DAY });
    const before = await keptBytes();
    expect(await pruned({ projectCount: 2 }, { dryRun: true })).toEqual(['d1']);
    expect([await isThere(first.path), await keptBytes()]).toEqual([true, before]);
    expect(await pruned({ projectCount: 2 })).toEqual(['d1']);
    await expectGone(first);
    expect(await isThere(second.path)).toBe(true);
    const { status, artifact } = await recordOf('d1');
    expect([status, artifact]).toEqual([
      'READY',
      { ...first, removedAt: expect.any(Number), removedWhy: 'its project has more than 2 artifacts' },
    ]);
    expect(await keptBytes()).toBe(before - (first.archiveBytes ?? 0));
    expect(await pruned({ projectCount: 2 })).toEqual([]);
  });

  it('not what a branch was last READY with, of whatever age', async () => {
    await shipper.ship('d1', { agoMs: 900 * DAY });
    await shipper.ship('d2', { agoMs: 800 * DAY });
    await shipper.ship('p1', { agoMs: 700 * DAY, branch: 'preview' });
    const failed = await shipper.begin('d3');
    await failed.recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
    expect(await pruned({ age: DAY, projectCount: 1, projectBytes: 1, count: 1, bytes: 1 })).toEqual(['d1']);
  });

  it('not that of a deployment that is built again, nor while it ends', async () => {
    const { path } = await shipper.ship('d1', { agoMs: 900 * DAY });
    await shipper.ship('d2');
    const { recorder } = await shipper.begin('d1');
    expect(await pruned({ age: DAY })).toEqual([]);
    await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
    expect((await recordOf('d1')).lastArtifact?.path).toBe(path);
    expect(await pruned({ age: DAY })).toEqual(['d1']);
    expect((await recordOf('d1')).lastArtifact?.removedAt).toBeGreaterThan(0);
    expect(await keptBytes()).toBe((await recordOf('d2')).artifact?.archiveBytes);
  });

  it('and when it is built again after that, nothing old is named', async () => {
    await shipper.ship('d1', { agoMs: 2 * DAY });
    await shipper.ship('d2');
    expect(await pruned({ age: DAY })).toEqual(['d1']);
    const { recorder } = await shipper.begin('d1');
    expect((await recordOf('d1')).lastArtifact).toBeUndefined();
    await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
    const { path } = await shipper.ship('d1');
    expect(await pruned({ age: DAY })).toEqual([]);
    expect(await isThere(path)).toBe(true);
  });
});

describe('without a record', () => {
  it('one is made anew from the manifest: what Redis has lost is READY again, and counts', async () => {
    const info = await shipper.ship('d1', { agoMs: DAY });
    const before = await recordOf('d1');
    const kept = await keptBytes();
    await redis.flushall();
    expect(await restoreRecords(redis, shipper.artifacts, 3600)).toEqual([idOf('d1')]);
    const { attempt: _, endedAt: __, container: ___, step: ____, steps: _____, ...same } = before;
    expect(await recordOf('d1')).toMatchObject({ ...same, artifact: info });
    expect([await keptBytes(), await redis.ttl(jobKey(idOf('d1')))]).toEqual([kept, expect.any(Number)]);
    expect(await redis.ttl(jobKey(idOf('d1')))).toBeGreaterThan(3_000);
    expect(await restoreRecords(redis, shipper.artifacts, 3600)).toEqual([]);
  });

  it('none is made of what is building, was removed, or is not koalaci’s', async () => {
    await shipper.ship('d1');
    const { recorder } = await shipper.begin('d1');
    const { path } = await shipper.ship('d2');
    await redis.del(jobKey(idOf('d2')));
    await rm(path);
    await writeFile(join(dirname(path), 'd3.json'), '{}');
    expect(await restoreRecords(redis, shipper.artifacts, 3600)).toEqual([]);
    await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
  });

  it('an archive goes by the same rules: its manifest names what it is', async () => {
    const first = await shipper.ship('d1', { agoMs: 3 * DAY });
    const last = await shipper.ship('d2', { agoMs: 2 * DAY });
    await shipper.ship('u1', { user: `${'ü'.repeat(128)}`, agoMs: 3 * DAY });
    await redis.flushall();
    expect(await pruned({ age: DAY })).toEqual(['d1']);
    await expectGone(first);
    expect(await isThere(last.path)).toBe(true);
  });

  it('so does one without a manifest, once it is not about to get that', async () => {
    const { path, manifest } = await shipper.ship('d1');
    await rm(manifest);
    await redis.flushall();
    expect(await pruned({ projectBytes: 1 })).toEqual([]);
    await utimes(path, 1, 1);
    expect(await pruned({ projectBytes: 1 })).toEqual(['d1']);
  });
});

describe('when koalaci dies in the middle', () => {
  it('the next prune takes what is left, at whatever point that was', async () => {
    const noted = await shipper.ship('d1', { agoMs: 2 * DAY });
    const halfGone = await shipper.ship('d2', { agoMs: 2 * DAY });
    const last = await shipper.ship('d3');
    const described = (info: ArtifactInfo) => ({ field: 'artifact' as const, info });
    for (const [deployment, info] of [
      ['d1', noted],
      ['d2', halfGone],
    ] as const) {
      const { attempt } = await recordOf(deployment);
      const removal = { project: 'site', attempt, described: described(info), isKept: true, why: 'old' };
      expect(await noteRemoved(redis, idOf(deployment), removal)).toBe(true);
    }
    await rm(halfGone.path);
    const dead = `.${thisRunner().replace(/\d+$/, '1')}.0123456789ab.partial`;
    await writeFile(join(dirname(noted.path), dead), '');
    expect(
      (await listArtifacts(redis, shipper.artifacts, { user: 'ann' as UserId, project: undefined })).length,
    ).toBe(1);
    expect(await pruned({})).toEqual(['d1', 'd2']);
    expect((await readdir(dirname(noted.path))).sort()).toEqual([
      basename(last.manifest),
      basename(last.path),
    ]);
    expect((await recordOf('d1')).artifact?.removedWhy).toBe('old');
    expect(await keptBytes()).toBe(last.archiveBytes);
  });
});

describe('what was put there since it was seen stays', () => {
  it('when the deployment was built again', async () => {
    await shipper.ship('d1', { agoMs: 2 * DAY });
    const [seen] = await survey(redis, shipper.artifacts);
    const { path } = await shipper.ship('d1', { files: { 'index.html': 'new' } });
    expect(seen && (await removeArchive(redis, seen, 'old'))).toBe(false);
    expect([await isThere(path), (await recordOf('d1')).artifact?.removedAt]).toEqual([true, undefined]);
  });

  it('when its record had expired, too', async () => {
    await shipper.ship('d1', { agoMs: 2 * DAY });
    await redis.del(jobKey(idOf('d1')));
    const [seen] = await survey(redis, shipper.artifacts);
    const { path, archiveBytes } = await shipper.ship('d1', { files: { 'index.html': 'new' } });
    expect(seen && (await removeArchive(redis, seen, 'old'))).toBe(false);
    expect([await isThere(path), await keptBytes()]).toEqual([true, archiveBytes]);
  });

  it('and counts, when the deployment was built again on another machine', async () => {
    await shipper.ship('d1', { agoMs: 2 * DAY });
    await redis.hset(jobKey(idOf('d1')), 'runner', 'other-12345678-1-2');
    const before = await keptBytes();
    const [seen] = await survey(redis, shipper.artifacts);
    expect(seen && (await removeArchive(redis, seen, 'old'))).toBe(true);
    expect([await keptBytes(), (await recordOf('d1')).artifact?.removedAt]).toEqual([before, undefined]);
  });

  it('when it was put there by hand', async () => {
    const { path } = await shipper.ship('d1', { agoMs: 2 * DAY });
    const [seen] = await survey(redis, shipper.artifacts);
    await writeFile(`${path}.new`, 'other');
    await rename(`${path}.new`, path);
    expect(seen && (await removeArchive(redis, seen, 'old'))).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('other');
  });
});

describe('after an upgrade', () => {
  it('the first prune only reports, and the daemon’s for a day', async () => {
    const { path, ...first } = await shipper.ship('d1', { agoMs: 2 * DAY });
    await withoutList({ path, ...first });
    await withoutList(await shipper.ship('d2', { agoMs: DAY }));
    expect(await pruned({ projectCount: 1 }, { noticeMs: DAY })).toEqual(['d1']);
    expect(await pruned({ projectCount: 1 }, { noticeMs: DAY })).toEqual(['d1']);
    expect([await isThere(path), (await recordOf('d1')).artifact?.removedAt]).toEqual([true, undefined]);
    // Somebody who asks for it has read the report.
    expect(await pruned({ projectCount: 1 })).toEqual(['d1']);
    expect(await isThere(path)).toBe(false);
  });

  it('nothing is reported where nothing is of an earlier version', async () => {
    const { path } = await shipper.ship('d1', { agoMs: 2 * DAY });
    await withoutList(await shipper.ship('d2'));
    expect(await pruned({ age: DAY }, { noticeMs: DAY })).toEqual(['d1']);
    expect(await isThere(path)).toBe(false);
  });
});

describe('what a user removes', () => {
  it('is what the record names, though it be the newest', async () => {
    const info = await shipper.ship('d1');
    const found = await findRemovable(redis, shipper.artifacts, idOf('d1'));
    expect(await removeArchive(redis, found, 'asked for')).toBe(true);
    await expectGone(info);
    await expect(findRemovable(redis, shipper.artifacts, idOf('d1'))).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/was removed at .*Z: asked for$/),
    });
  });

  it('is their own', async () => {
    await shipper.ship('d1');
    await expect(findRemovable(redis, shipper.artifacts, idOf('d1', 'bob'))).rejects.toMatchObject({
      kind: 'not_found',
      message: 'there is no deployment d1',
    });
  });
});

it('one process of all has the turn', async () => {
  const turns = await Promise.all([1, 2, 3].map(() => takeTurn(redis, 'koalaci:pruned:x', DAY)));
  expect(turns.filter(Boolean)).toHaveLength(1);
});
