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
import { ServiceBackend } from '../../src/commands/backend/service.js';
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

/** A deployment that was built, and could not be uploaded. */
async function fail(id: string): Promise<void> {
  const { record, recorder } = await shipper.begin(id, { agoMs: 5_000 });
  const info = await shipper.place(record, { 'index.html': id });
  recorder.update({ artifact: info, environment: 'production' });
  const why = { reason: 'upload_failed', message: 'no', remedy: 'Again.', step: 'upload' } as const;
  await recorder.finish({ status: 'ERROR', ...why, endedAt: Date.now() });
}

describe('an upload that failed', () => {
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

/** Of the service, which listens from the first question on. */
async function address(): Promise<string> {
  return app.server.listening ? app.listeningOrigin : app.listen({ port: 0, host: '127.0.0.1' });
}

async function request(method: string, path: string, { as = 'ann', body = undefined as unknown } = {}) {
  const headers = { authorization: `Bearer ${signToken(as, SECRET)}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${await address()}${path}`, { method, headers, ...sent });
}

describe('POST /job/:id/release', () => {
  const ask = (id: string, { as = 'ann', body = {} as unknown } = {}) =>
    request('POST', `/job/${id}/release`, { as, body });

  it('serves a deployment as the site', async () => {
    for (const id of ['d1', 'd2']) await build(id);
    const answer = await ask('d1', { body: { target: 'production' } });
    expect([answer.status, await answer.json()]).toEqual([
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
    expect((await ask(id, how)).status).toBe(status);
  });

  it('refuses what is not READY', async () => {
    await shipper.begin('d1');
    expect((await ask('d1')).status).toBe(409);
  });
});

describe('a command that asks the service', () => {
  const site = 'site' as ProjectId;
  const of = async (user: string) =>
    new ServiceBackend({ url: await address(), token: signToken(user, SECRET) });
  const nameOf = (id: string) => id as DeploymentId;

  it('goes back and on, and sees what is served, as on the machine', async () => {
    for (const id of ['d1', 'd2']) await build(id);
    const ann = await (await of('ann')).releases();
    expect(await ann.release(nameOf('d1'), undefined)).toEqual([{ target: 'production', place: 'current' }]);
    await build('d3');
    expect(await ann.list(site)).toEqual(listReleases(parseReleases(await readReleases(redis, owner))));
    expect(await ann.resume(site, 'production')).toEqual([{ target: 'production', deployment: 'd3' }]);
    await expect(ann.resume(site, undefined)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(ann.resume(site, 'spare')).rejects.toMatchObject({ kind: 'bad_input' });
    expect(await served()).toEqual({ 'index.html': 'd3' });
  });

  it('uploads once more, and says why it is not served', async () => {
    await fail('d1');
    await build('d2');
    const ann = await (await of('ann')).releases();
    expect(await ann.upload(nameOf('d1'))).toEqual([
      { target: 'production', place: 'current', whyNot: 'd2, which was created later, is' },
    ]);
    expect((await recordOf('d1')).status).toBe('READY');
  });

  it('is told what a build ended with', async () => {
    await shipper.ship('other', { project: 'other', agoMs: 3_000 });
    await shipper.ship('d1', { files: { 'a.txt': 'abc' }, agoMs: 2_000 });
    await shipper.ship('d2', {
      files: { 'a.txt': 'abcd', 'b.txt': 'ab', 'c.txt': '', 'd.txt': 'abc', 'e.txt': '1' },
    });
    const ann = await of('ann');
    const facts = await ann.facts(await ann.load(nameOf('d2')));
    expect(facts.largest.map(({ path, bytes }) => `${path} ${bytes}`)).toEqual([
      'a.txt 4',
      'd.txt 3',
      'b.txt 2',
      'e.txt 1',
    ]);
    expect(facts.earlier).toEqual([{ ms: 0, bytes: 3 }]);
  });

  it('changes, and sees, nothing of somebody else', async () => {
    await build('d1');
    const bob = await of('bob');
    const releases = await bob.releases();
    expect(await releases.list(site)).toEqual([]);
    const record = await load(redis, idOf('d1'));
    const asked = [
      () => releases.release(nameOf('d1'), undefined),
      () => releases.upload(nameOf('d1')),
      () => bob.report(nameOf('d1')),
      () => bob.facts(record),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ kind: 'not_found' });
    await expect(releases.resume(site, undefined)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it.each([
    ['GET', '/releases', undefined, 400],
    ['GET', '/releases?project=..%2Fx', undefined, 404],
    ['POST', '/releases/resume', {}, 400],
    ['POST', '/releases/resume', { project: 'site', place: 'current' }, 400],
    ['POST', '/releases/resume', { project: '../x' }, 404],
    ['POST', '/job/nope/upload', undefined, 404],
  ] as const)('%s %s with %j is answered %i', async (method, url, body, status) => {
    expect((await request(method, url, { body })).status).toBe(status);
  });
});
