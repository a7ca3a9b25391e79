// What is remembered of builds, and taken from them, on real files and a real Redis.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { objectsOf } from '../../src/artifact/objects.js';
import type { DeploymentId, ProjectId, UserId } from '../../src/job/identity.js';
import { takeArtifact } from '../../src/reuse/artifact.js';
import { scopesOf } from '../../src/reuse/keys.js';
import { keysOf, planOf, readsIn, withTree } from '../../src/reuse/plan.js';
import { entryOf, rememberBuild } from '../../src/reuse/remember.js';
import { load } from '../../src/store/jobs.js';
import { findEntry, latestBuild, type ReuseEntry } from '../../src/store/reuse.js';
import { redis } from '../support/own-redis.js';
import { Shipper, type Shipping } from '../support/shipped.js';

const TTL = 60_000;
const COMMIT = 'c'.repeat(40);
const maker = { secret: 'secret', inputs: { project_build_command: 'x' } };
const tree = { id: 'tree', entries: [], changed: undefined, texts: new Map() };
let shipper: Shipper;

beforeEach(async () => {
  await redis.flushall();
  const home = await mkdtemp(join(tmpdir(), 'koala-reuse-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
});

/** A READY build of a commit. */
async function shipped(
  deployment: string,
  { commit = COMMIT, ...shipping }: Shipping & { commit?: string } = {},
) {
  await shipper.ship(deployment, shipping);
  const record = await load(redis, { user: 'ann' as UserId, deployment: deployment as DeploymentId });
  return { ...record, commit };
}

function planAt(branch: string, commit = COMMIT) {
  const own = { user: 'ann' as UserId, project: 'site' as ProjectId, repository: 'example.org/site', branch };
  const refs = { commit, tags: '', defaultBranch: 'main', isDetached: false };
  return withTree(planOf(maker, scopesOf(own, 'main'), refs, 'main'), { ...tree, id: commit }, undefined);
}

async function remember(branch: string, deployment: string, report = 'none') {
  const how = { record: await shipped(deployment), reads: readsIn(report), ttlMs: TTL };
  await rememberBuild(redis, planAt(branch), how);
}

const found = async (branch: string) =>
  (await findEntry(redis, keysOf(planAt(branch), [])))?.entry.deployment;

describe('what is remembered of a build', () => {
  it('stays: no later build under the same key takes its place', async () => {
    await remember('main', 'd1');
    await remember('main', 'd2');
    expect(await found('main')).toBe('d1');
  });

  it('is not what another branch puts under the same key', async () => {
    await remember('evil', 'd1');
    expect(await found('main')).toBeUndefined();
    await remember('main', 'd2');
    expect([await found('main'), await found('evil'), await found('other')]).toEqual(['d2', 'd1', 'd2']);
  });

  it('is nothing if the branch has moved meanwhile', async () => {
    const moved = {
      record: await shipped('d1', { commit: 'd'.repeat(40) }),
      reads: readsIn('none'),
      ttlMs: TTL,
    };
    await rememberBuild(redis, planAt('main'), moved);
    expect(await redis.keys('koalaci:reuse*')).toEqual([]);
  });

  it('is not found under its files if it has looked at git, or if its reads were lost', async () => {
    for (const [deployment, report] of [
      ['d1', 'tree .git'],
      ['d2', 'all'],
    ] as const) {
      await remember('main', deployment, report);
      const { treeKey, scopes } = planAt('main');
      expect(await findEntry(redis, [{ scope: scopes[0] ?? '', key: treeKey ?? '' }])).toBeUndefined();
    }
  });

  it('has a life', async () => {
    await remember('main', 'd1');
    const lives = await Promise.all((await redis.keys('koalaci:reuse*')).map((key) => redis.pttl(key)));
    expect(lives.length).toBeGreaterThan(1);
    for (const life of lives) expect(life).toBeGreaterThan(0);
    expect(await latestBuild(redis, planAt('main').scopes[0] ?? '')).toMatchObject({ deployment: 'd1' });
  });
});

describe('an artifact is taken', () => {
  const take = async (entry: ReuseEntry, needsArchive = false) => {
    const objects = objectsOf(shipper.artifacts.objects, 'ann' as UserId);
    let at = 0;
    const taken = await takeArtifact(entry, {
      ...{ objects, needsArchive },
      partial: () => join(shipper.home, `taken-${++at}`),
    });
    const left = async () => (await readdir(shipper.home)).filter((name) => name.startsWith('taken'));
    return { taken, left };
  };
  const entry = async () => entryOf(await shipped('d1')) as ReuseEntry;

  it('as it was shipped, and removed if it is not published', async () => {
    const { taken, left } = await take(await entry());
    if ('why' in taken) throw new Error(taken.why);
    expect(await left()).toHaveLength(2);
    await taken[Symbol.asyncDispose]();
    expect(await left()).toEqual([]);
  });

  it.each<[string, (entry: ReuseEntry) => Promise<unknown>, string]>([
    ['its archive is gone', ({ artifact }) => rm(artifact.path), 'its artifact is not there any more'],
    [
      'its archive is empty',
      ({ artifact }) => writeFile(artifact.path, ''),
      'is not the one that was shipped',
    ],
    ['its manifest is gone', ({ artifact }) => rm(artifact.manifest), 'manifest is not the one'],
    [
      'its manifest lists nothing',
      ({ artifact }) => writeFile(artifact.manifest, '{}'),
      'manifest is not the one',
    ],
    [
      'there is another build under its name',
      () => shipper.ship('d1', { files: { a: 'new' } }),
      'is not the one',
    ],
  ])('not if %s, and nothing is left of the try', async (_, change, why) => {
    const one = await entry();
    await change(one);
    const { taken, left } = await take(one);
    expect(taken).toEqual({ why: expect.stringContaining(why) });
    expect(await left()).toEqual([]);
  });

  it('without an archive only if all of its files are there', async () => {
    shipper.keepsArchives = false;
    const one = await entry();
    expect((await take(one)).taken).not.toHaveProperty('why');
    expect((await take(one, true)).taken).toEqual({ why: 'its artifact has no archive' });
    await rm(shipper.artifacts.objects, { recursive: true });
    expect((await take(one)).taken).toEqual({ why: 'files of its artifact are not there any more' });
  });
});
