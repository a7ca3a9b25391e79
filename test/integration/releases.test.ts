// What is served from where, on a real Redis and real files: by builds in whatever order, by hand, and when something fails.
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { KoalaError } from '../../src/job/errors.js';
import type { DeploymentId, JobId, ProjectId, UserId } from '../../src/job/identity.js';
import type { RecordFields } from '../../src/job/record.js';
import { aimsOf, ship } from '../../src/releases/ship.js';
import type { Outcome } from '../../src/releases/switch.js';
import { load } from '../../src/store/jobs.js';
import { jobKey, keptKey, switchingKey } from '../../src/store/keys.js';
import { ProjectLock } from '../../src/store/project-lock.js';
import { writeReleases } from '../../src/store/releases.js';
import { DirectoryTarget } from '../../src/upload/directory/directory.js';
import { readRelease } from '../../src/upload/release.js';
import type { Target } from '../../src/upload/target.js';
import type { ConfiguredTarget } from '../../src/upload/targets.js';
import { filesUnder } from '../support/artifact.js';
import { redis } from '../support/own-redis.js';
import { Shipper, type Shipping } from '../support/shipped.js';
import { until } from '../support/until.js';

let home: string;
let shipper: Shipper;
let said: string[];

beforeEach(async () => {
  await redis.flushall();
  home = await mkdtemp(join(tmpdir(), 'koala-releases-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
  said = [];
});

const RETENTION = 3_600;
const idOf = (deployment: string, user = 'ann'): JobId => ({
  user: user as UserId,
  deployment: deployment as DeploymentId,
});
const recordOf = async (id: string): Promise<RecordFields> => load(redis, idOf(id));
const context = () => ({ redis, artifacts: shipper.artifacts, retentionSeconds: RETENTION });
const options = () => ({
  signal: new AbortController().signal,
  say: (line: string) => said.push(line),
  pauses: [1, 2],
});
const directory = (name: string, more: Partial<ConfiguredTarget> = {}): ConfiguredTarget => ({
  ...{ target: new DirectoryTarget({ name, directory: join(home, name) }), keep: 2, branches: undefined },
  ...more,
});

/** A target that cannot serve. */
const broken: Target = {
  name: 'broken',
  upload: async () => {},
  serve: async () => {
    throw new KoalaError('environment', 'it is full');
  },
  withdraw: async () => {},
  check: async () => '',
};

/** Ships a deployment as a build that becomes READY. */
async function build(
  id: string,
  shipping: Shipping = {},
  targets = [directory('production')],
): Promise<Outcome[]> {
  const { manifest } = await shipper.ship(id, shipping);
  return serve(id, manifest, targets);
}

async function serve(id: string, manifest: string, targets = [directory('production')]): Promise<Outcome[]> {
  const record = { environment: 'production' as const, ...(await recordOf(id)) };
  const release = await readRelease(manifest, shipper.artifacts);
  const wanted = { release, aims: aimsOf(targets, record), by: { build: true } } as const;
  return (await ship(context(), wanted, options())) ?? [];
}

const site = (target = 'production') => join(home, target, 'ann/site');
const served = (target?: string) => filesUnder(join(site(target), 'current'));
const life = (id: string) => redis.ttl(jobKey(idOf(id)));

describe('builds', () => {
  it('are served one after the other; what is served or kept does not expire, and the record says since when', async () => {
    for (const id of ['d1', 'd2', 'd3', 'd4']) {
      expect(await build(id)).toEqual([{ target: 'production', place: 'current' }]);
      expect(await served()).toEqual({ 'index.html': id });
    }
    expect(await Promise.all(['d2', 'd3', 'd4'].map(life))).toEqual([-1, -1, -1]);
    expect(await life('d1')).toBeGreaterThan(RETENTION - 60);
    expect((await recordOf('d1')).releases).toBeUndefined();
    const released = {
      target: 'production',
      place: 'current',
      releasedAt: expect.any(Number),
      releasedBy: 'build',
    };
    expect((await recordOf('d4')).releases).toEqual([released]);
    expect((await recordOf('d3')).releases).toEqual([{ ...released, replacedAt: expect.any(Number) }]);
    await until(async () => (await readdir(join(site(), 'releases'))).length === 3);
    expect(said).toEqual([]);
  });

  it('that are older never replace newer ones, whenever they end', async () => {
    await build('new');
    const whyNot = 'new, which was created later, is';
    expect(await build('old', { agoMs: 5_000 })).toEqual([
      { target: 'production', place: 'current', whyNot },
    ]);
    expect(await served()).toEqual({ 'index.html': 'new' });
  });

  it('that end at once leave the newest one served, and no process the lock', async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `d${n}`);
    const manifests: string[] = [];
    for (const [n, id] of ids.entries())
      manifests.push((await shipper.ship(id, { agoMs: 10_000 - 1_000 * n })).manifest);
    const shuffled = ids
      .map((id, n) => [id, manifests[n] as string] as const)
      .sort((a, b) => (a[1] < b[1] ? 1 : -1));
    await Promise.all(shuffled.map(([id, manifest]) => serve(id, manifest)));
    expect(await served()).toEqual({ 'index.html': 'd7' });
    expect(await redis.exists(switchingKey({ user: 'ann' as UserId, project: 'site' as ProjectId }))).toBe(0);
  });

  it('count for what their user keeps as long as they are kept', async () => {
    await build('d1');
    const { archiveBytes = 0 } = (await recordOf('d1')).artifact ?? {};
    expect(await redis.hget(keptKey('ann' as UserId), 'artifacts')).toBe(String(archiveBytes));
    for (const id of ['d2', 'd3', 'd4']) await build(id);
    expect(await redis.hget(keptKey('ann' as UserId), 'logs:d1')).not.toBeNull();
  });

  it('of one user are never another’s', async () => {
    await build('d1');
    await shipper.ship('d1', { user: 'bob', files: { a: 'bob' } });
    const { artifact, branch } = (await load(redis, idOf('d1', 'bob'))) as RecordFields;
    const release = await readRelease(artifact?.manifest ?? '', shipper.artifacts);
    const record = { ...(await recordOf('d1')), branch, environment: 'production' as const };
    const aims = aimsOf([directory('production')], record);
    await ship(context(), { release, aims, by: { build: true } }, options());
    expect(await served()).toEqual({ 'index.html': 'd1' });
    expect(await filesUnder(join(home, 'production/bob/site/current'))).toEqual({ a: 'bob' });
  });
});

describe('when a target fails', () => {
  it('no other one is switched, whichever comes first', async () => {
    const [first, last] = [directory('production'), directory('spare')];
    await build('d1', {}, [first, last]);
    const failing = [first, { ...last, target: broken }, last];
    await expect(build('d2', {}, failing)).rejects.toThrow('it is full');
    expect([await served(), await served('spare')]).toEqual([{ 'index.html': 'd1' }, { 'index.html': 'd1' }]);
    expect((await recordOf('d2')).releases).toBeUndefined();
    expect((await recordOf('d1')).releases).toHaveLength(2);
    expect(await build('d3', {}, [first, last])).toHaveLength(2);
  });

  it('and nothing was served before, nothing is', async () => {
    await expect(
      build('d1', {}, [directory('production'), directory('broken', { target: broken })]),
    ).rejects.toThrow();
    expect(await readdir(site())).toEqual(['releases']);
  });

  it('in its upload, nothing is switched; what may pass is tried again', async () => {
    await build('d1');
    const unreachable: Target = {
      ...broken,
      upload: async () => {
        throw new KoalaError('environment', 'it is full');
      },
    };
    const targets = [directory('production'), directory('broken', { target: unreachable })];
    await expect(build('d2', {}, targets)).rejects.toThrow('it is full');
    expect(await served()).toEqual({ 'index.html': 'd1' });
    expect(said).toHaveLength(2);
    expect(said[0]).toBe('the upload to broken failed: it is full; trying again in 0 s');
    await writeFile(join(home, 'spare'), 'a file');
    const failing = build('d3', {}, [directory('production'), directory('spare')]);
    await expect(failing).rejects.toThrow('the target spare cannot be written');
    expect([await served(), said.length]).toEqual([{ 'index.html': 'd1' }, 2]);
  });
});

it('a process that has lost the lock writes nothing', async () => {
  const project = { user: 'ann' as UserId, project: 'site' as ProjectId };
  await using lock = await ProjectLock.take(redis, project, new AbortController().signal);
  expect(lock.isOurs).toBe(true);
  await redis.set(switchingKey(project), 'another');
  const change = { targets: { production: '{}' }, kept: new Map(), dropped: [], retentionSeconds: 1 };
  expect(await writeReleases(redis, lock, change)).toBe(false);
});

it('a deployment that is created again stays a release until another one is served', async () => {
  await build('d1');
  const { recorder } = await shipper.begin('d1');
  expect([(await recordOf('d1')).releases, await life('d1')]).toEqual([[expect.anything()], -1]);
  await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
  expect([(await recordOf('d1')).lastArtifact?.digest, await life('d1')]).toEqual([expect.any(String), -1]);
  expect(await readlink(join(site(), 'current'))).toMatch(/^releases\/d1-/);
});
