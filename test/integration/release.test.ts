// Releases by hand, on a real Redis and real files: back, on, and again what could not be uploaded; over HTTP, too.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { chooseForRemoval } from '../../src/archives/choose.js';
import { releaseArtifact, releaseHere, resume } from '../../src/archives/release.js';
import { survey } from '../../src/archives/survey.js';
import { uploadAgain } from '../../src/archives/upload-again.js';
import { signToken } from '../../src/job/claims.js';
import type { DeploymentId, JobId, ProjectId, UserId } from '../../src/job/identity.js';
import type { RecordFields } from '../../src/job/record.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { listReleases } from '../../src/releases/list.js';
import { parseReleases } from '../../src/releases/project-releases.js';
import { aimsOf, ship } from '../../src/releases/ship.js';
import { createApp } from '../../src/server/app.js';
import { load } from '../../src/store/jobs.js';
import { jobKey } from '../../src/store/keys.js';
import { readReleases } from '../../src/store/releases.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { DirectoryTarget } from '../../src/upload/directory/directory.js';
import { filesUnder } from '../support/artifact.js';
import { redis } from '../support/own-redis.js';
import { Shipper, type Shipping } from '../support/shipped.js';

const SECRET = 's'.repeat(48);
const NONE = Number.POSITIVE_INFINITY;
const owner = { user: 'ann' as UserId, project: 'site' as ProjectId };
const idOf = (deployment: string): JobId => ({ ...owner, deployment: deployment as DeploymentId });
const signal = new AbortController().signal;
const options = { signal, say: () => {}, pauses: [] };
let home: string;
let shipper: Shipper;
let queue: JobsQueue;
let app: FastifyInstance;

beforeAll(() => {
  queue = openJobsQueue(redis);
});
afterAll(async () => {
  await queue.close();
});
beforeEach(async () => {
  await redis.flushall();
  home = await mkdtemp(join(tmpdir(), 'koala-release-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
  app = createApp({
    redis,
    intake: {
      redis,
      queue,
      secret: SECRET,
      retentionSeconds: 3600,
      allowLocal: false,
      callbacks: false,
      artifactUrl: 'off',
    },
    artifacts: shipper.artifacts,
    targets: async () => targets(),
    log: pino({ level: 'silent' }),
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: undefined,
  });
  onTestFinished(() => app.close());
});

const targets = (...names: string[]) =>
  (names.length > 0 ? names : ['production']).map((name) => ({
    target: new DirectoryTarget({ name, directory: join(home, name) }),
    ...{ keep: 1, branches: undefined },
  }));
const context = () => ({ redis, artifacts: shipper.artifacts, retentionSeconds: 3600 });
const served = (target = 'production') => filesUnder(join(home, target, 'ann/site/current'));
const recordOf = async (id: string): Promise<RecordFields> => load(redis, idOf(id));
const states = async () =>
  listReleases(parseReleases(await readReleases(redis, owner))).map(
    (one) => `${one.deployment} ${one.state}`,
  );

async function build(id: string, shipping: Shipping = {}, at = targets()): Promise<void> {
  await shipper.ship(id, shipping);
  const release = await releaseHere(context(), idOf(id));
  const aims = aimsOf(at, { ...(await recordOf(id)), environment: 'production' });
  await ship(context(), { release, aims, by: { build: true } }, options);
}

const release = (id: string, target?: string, at = targets()) =>
  releaseArtifact(context(), at, { id: idOf(id), by: { user: 'ann', target }, options });
const goOn = (target?: string) =>
  resume(context(), targets(), { owner, by: { user: 'ann', target }, options });

describe('a release by hand', () => {
  it('goes back, and stays until builds may go on; then the newest that had to wait is served', async () => {
    for (const id of ['d1', 'd2']) await build(id);
    expect(await release('d1')).toEqual([{ target: 'production', place: 'current' }]);
    expect(await served()).toEqual({ 'index.html': 'd1' });
    expect((await recordOf('d1')).releases).toMatchObject([{ target: 'production', releasedBy: 'ann' }]);
    for (const id of ['d3', 'd4']) await build(id);
    expect([await served(), await states()]).toEqual([
      { 'index.html': 'd1' },
      ['d1 served', 'd4 held', 'd2 kept'],
    ]);
    expect(await goOn()).toEqual([{ target: 'production', deployment: 'd4' }]);
    expect([await served(), await states()]).toEqual([{ 'index.html': 'd4' }, ['d4 served', 'd1 kept']]);
    await expect(goOn()).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('may end without a build that waits: the next one is served', async () => {
    for (const id of ['d1', 'd2']) await build(id);
    await release('d1');
    expect(await goOn()).toEqual([{ target: 'production' }]);
    await build('d3');
    expect(await served()).toEqual({ 'index.html': 'd3' });
  });

  it('promotes a preview, at one target of two', async () => {
    const both = targets('production', 'spare');
    await build('d1', {}, both);
    await shipper.ship('p1', { branch: 'next' });
    await release('p1', 'spare', both);
    expect([await served(), await served('spare')]).toEqual([{ 'index.html': 'd1' }, { 'index.html': 'p1' }]);
    await expect(release('p1', 'none', both)).rejects.toThrow(
      'there is no target "none", only: production, spare',
    );
    await expect(
      releaseArtifact(context(), [], { id: idOf('p1'), by: { user: 'ann' }, options }),
    ).rejects.toThrow('there are no targets');
  });

  it('needs its artifact: here, whole, and its user’s', async () => {
    const { manifest } = await shipper.ship('d1');
    const { artifact, attempt } = await recordOf('d1');
    await redis.hset(
      jobKey(idOf('d1')),
      'artifact',
      JSON.stringify({ ...artifact, digest: 'ab'.repeat(32) }),
    );
    await expect(release('d1')).rejects.toMatchObject({ kind: 'conflict' });
    await redis.hset(jobKey(idOf('d1')), 'artifact', JSON.stringify(artifact), 'runner', 'elsewhere:b:1:2');
    await rename(manifest, `${manifest}.away`);
    await expect(release('d1')).rejects.toThrow('lies on another machine');
    await expect(release('nope')).rejects.toMatchObject({ kind: 'not_found' });
    const others = { ...idOf('d1'), user: 'bob' as UserId };
    const asBob = { id: others, by: { user: 'bob' }, options };
    await expect(releaseArtifact(context(), targets(), asBob)).rejects.toMatchObject({ kind: 'not_found' });
    expect(attempt).toBeDefined();
  });

  it('is what Redis forgot, too: the manifest says what it is', async () => {
    await build('d1');
    await redis.flushall();
    await build('d2');
    await redis.del(jobKey(idOf('d1')));
    await release('d1');
    expect([await served(), await states()]).toEqual([{ 'index.html': 'd1' }, ['d1 served', 'd2 kept']]);
  });
});

it('what is served or kept is not removed, whatever the rules', async () => {
  for (const id of ['d1', 'd2', 'd3', 'd4']) await build(id);
  await release('d1');
  const none = { age: NONE, projectCount: NONE, projectBytes: NONE, count: NONE, bytes: NONE };
  const gone = chooseForRemoval(
    await survey(redis, shipper.artifacts),
    { ...none, projectCount: 1 },
    Date.now(),
  );
  expect([...gone.keys()].map(({ deployment }) => deployment).sort()).toEqual(['d2', 'd3']);
});

describe('an upload that failed', () => {
  async function fail(id: string): Promise<void> {
    const { record, recorder } = await shipper.begin(id, { agoMs: 5_000 });
    const info = await shipper.place(record, { 'index.html': id });
    recorder.update({ artifact: info, environment: 'production' });
    const why = { reason: 'upload_failed', message: 'no', remedy: 'Again.', step: 'upload' } as const;
    await recorder.finish({ status: 'ERROR', ...why, endedAt: Date.now() });
  }

  it('leaves the artifact, and is sent again: then the deployment is READY, and served', async () => {
    await fail('d1');
    await writeFile(join(home, 'production'), 'a file');
    const again = () => uploadAgain(context(), targets(), { id: idOf('d1'), options });
    await expect(again()).rejects.toThrow('cannot be written');
    expect(await recordOf('d1')).toMatchObject({ status: 'ERROR', reason: 'upload_failed' });
    await rm(join(home, 'production'));
    expect(await again()).toEqual([{ target: 'production', place: 'current' }]);
    const { status, reason, remedy, releases } = (await recordOf('d1')) as RecordFields & { reason?: string };
    expect([status, reason, remedy, releases?.length]).toEqual(['READY', undefined, undefined, 1]);
  });

  it('does not take the place of what was created later', async () => {
    await fail('d1');
    await build('d2');
    const [outcome] = await uploadAgain(context(), targets(), { id: idOf('d1'), options });
    expect(outcome?.whyNot).toBe('d2, which was created later, is');
    expect([(await recordOf('d1')).status, await served()]).toEqual(['READY', { 'index.html': 'd2' }]);
  });

  it('has its artifact named when the deployment is created again', async () => {
    await fail('d1');
    await shipper.begin('d1');
    expect((await recordOf('d1')).lastArtifact?.path).toContain('d1.tar.gz');
  });
});

describe('POST /job/:id/release', () => {
  const ask = (id: string, { as = 'ann', body = {} as unknown } = {}) =>
    app.inject({
      ...{ method: 'POST', url: `/job/${id}/release`, payload: JSON.stringify(body) },
      headers: { authorization: `Bearer ${signToken(as, SECRET)}` },
    });

  it('serves a deployment as the site', async () => {
    for (const id of ['d1', 'd2']) await build(id);
    const answer = await ask('d1', { body: { target: 'production' } });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { data: [{ target: 'production', place: 'current' }] },
    ]);
    expect(await served()).toEqual({ 'index.html': 'd1' });
  });

  it.each([
    ['another user’s', 'd1', { as: 'bob' }, 404],
    ['no deployment', 'nope', {}, 404],
    ['a path', '..%2f..', {}, 404],
    ['another target', 'd1', { body: { target: '../x' } }, 400],
    ['another field', 'd1', { body: { place: 'current' } }, 400],
    ['no object', 'd1', { body: [] }, 400],
  ])('refuses %s', async (_, id, how, status) => {
    await shipper.ship('d1');
    expect((await ask(id, how)).statusCode).toBe(status);
  });

  it('refuses what is not READY', async () => {
    await shipper.begin('d1');
    expect((await ask('d1')).statusCode).toBe(409);
  });
});
