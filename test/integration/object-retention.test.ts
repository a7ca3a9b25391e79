// Objects go when no artifact has them any more, and not before.
import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { findRemovable } from '../../src/archives/find.js';
import { type PruneOutcome, prune } from '../../src/archives/prune.js';
import { OBJECT_AGE_MS } from '../../src/archives/prune-objects.js';
import { removeArchive } from '../../src/archives/remove.js';
import { NewObject, objectsOf } from '../../src/artifact/objects.js';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import { redis } from '../support/own-redis.js';
import { Shipper } from '../support/shipped.js';

const NONE = Number.POSITIVE_INFINITY;
const RULES = { age: NONE, projectCount: NONE, projectBytes: NONE, count: NONE, bytes: NONE };
let shipper: Shipper;
let home: string;

beforeEach(async () => {
  await redis.flushall();
  home = await mkdtemp(join(tmpdir(), 'koala-objects-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
});

/** Prunes as if the last build were over an hour ago. */
const pruned = (more: { dryRun?: boolean; objectAgeMs?: number } = {}): Promise<PruneOutcome> =>
  prune(redis, {
    artifacts: shipper.artifacts,
    rules: RULES,
    // A millisecond less than none: files have finer times than Date.now().
    ...{ dryRun: false, noticeMs: 0, objectAgeMs: -1, ...more },
  });

async function removeArtifact(deployment: string, user = 'ann'): Promise<void> {
  const id = { user: user as UserId, deployment: deployment as DeploymentId };
  await removeArchive(redis, await findRemovable(redis, shipper.artifacts, id), 'by a test');
}

const directoryOf = (user: string) => objectsOf(shipper.artifacts.objects, user as UserId);

/** The contents of the objects that are there, and how many second names they have. */
async function stored(user = 'ann'): Promise<{ contents: string[]; times: number }> {
  const directory = directoryOf(user);
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const objects = files.filter((file) => file.isFile() && !file.parentPath.endsWith('times'));
  const contents = await Promise.all(
    objects.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
  return { contents: contents.sort(), times: (await readdir(join(directory, 'times'))).length };
}

it('what an artifact had alone goes after it; what others have stays', async () => {
  await shipper.ship('d1', { files: { 'index.html': 'first', 'app.js': 'shared' } });
  await shipper.ship('d2', { files: { 'index.html': 'second', 'app.js': 'shared' } });
  await removeArtifact('d1');
  expect((await pruned({ dryRun: true })).objects).toEqual({ objects: 1, bytes: 5 });
  expect((await stored()).contents).toEqual(['first', 'second', 'shared']);
  expect((await pruned()).objects).toEqual({ objects: 1, bytes: 5 });
  expect(await stored()).toEqual({ contents: ['second', 'shared'], times: 2 });
  expect((await pruned()).objects).toEqual({ objects: 0, bytes: 0 });
});

it('what another user has is that user’s own', async () => {
  await shipper.ship('d1', { files: { a: 'same' } });
  await shipper.ship('d1', { files: { a: 'same' }, user: 'bob' });
  await removeArtifact('d1');
  await pruned();
  expect([(await stored()).contents, (await stored('bob')).contents]).toEqual([[], ['same']]);
});

it('what was stored or found in the last hour stays: its build has no manifest yet', async () => {
  await shipper.ship('d1', { files: { a: 'old' } });
  await removeArtifact('d1');
  expect((await pruned({ objectAgeMs: OBJECT_AGE_MS })).objects).toEqual({ objects: 0, bytes: 0 });
  expect((await stored()).contents).toEqual(['old']);
});

it('what an artifact has whose record is gone stays: the manifest says what it has', async () => {
  await shipper.ship('d1', { files: { a: 'kept' } });
  await redis.flushall();
  await pruned();
  expect((await stored()).contents).toEqual(['kept']);
});

it('nothing goes of a user with a manifest that cannot be read, and it is said', async () => {
  const { manifest } = await shipper.ship('d1', { files: { a: 'one' } });
  await shipper.ship('d2', { files: { a: 'two' } });
  await removeArtifact('d2');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace('"path":', '"path'));
  const { objects, failure } = await pruned();
  expect([objects.objects, failure]).toEqual([0, expect.any(Error)]);
  expect((await stored()).contents).toEqual(['one', 'two']);
});

it('a release keeps what it has, and the time of it', async () => {
  await shipper.ship('d1', { files: { a: 'served' } });
  const [name = ''] = (await readdir(directoryOf('ann'), { recursive: true })).filter((one) =>
    one.endsWith('-444'),
  );
  const release = join(home, 'release');
  await link(join(directoryOf('ann'), name), release);
  await removeArtifact('d1');
  expect((await pruned()).objects).toEqual({ objects: 1, bytes: 0 });
  expect([await readFile(release, 'utf8'), await stored()]).toEqual(['served', { contents: [], times: 1 }]);
  await rm(release);
  await pruned();
  expect((await stored()).times).toBe(0);
});

it('what a build left that was killed goes', async () => {
  await shipper.ship('d1');
  const partial = join(directoryOf('ann'), '.vm-1.0123456789ab.partial');
  new NewObject(directoryOf('ann'), partial).write(Buffer.from('half'));
  const object = new NewObject(directoryOf('ann'), join(directoryOf('ann'), '.other'));
  object.write(Buffer.from('nobody has me'));
  object.close({ sha256: 'ab'.repeat(32), mode: '644' });
  const [path = ''] = (await readdir(directoryOf('ann'), { recursive: true })).filter((one) =>
    one.startsWith(`ab/${'ab'.repeat(31)}`),
  );
  // Killed between its two names.
  await rm(join(directoryOf('ann'), path));
  expect((await stored()).times).toBe(2);
  await pruned();
  expect(await stored()).toMatchObject({ contents: expect.arrayContaining(['d1']), times: 1 });
});

it('an artifact without an archive counts as if it had one, and its objects stay', async () => {
  shipper.keepsArchives = false;
  const { path, archiveBytes = 0 } = await shipper.ship('d1', { agoMs: 1_000 });
  await shipper.ship('d2');
  expect((await pruned()).pruned).toEqual([]);
  expect((await stored()).contents).toEqual(['d1', 'd2']);
  const options = { artifacts: shipper.artifacts, dryRun: false, noticeMs: 0, objectAgeMs: -1 };
  const outcome = await prune(redis, { ...options, rules: { ...RULES, projectCount: 1 } });
  expect(outcome.pruned.map(({ archive }) => archive.paths.archive)).toEqual([path]);
  expect(outcome.bytes).toBeGreaterThan(archiveBytes);
  expect((await stored()).contents).toEqual(['d2']);
  expect(await readdir(dirname(path))).toEqual(['d2.json']);
});
