// Artifacts over HTTP that another machine has built, from an object store: the same bytes as from that one, and for nobody else.
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { removeStored } from '../../src/archives/remove-stored.js';
import type { JudgedArchive } from '../../src/archives/standing.js';
import { identityOf } from '../../src/artifact/identity.js';
import type { ArtifactOwner } from '../../src/artifact/paths.js';
import { signToken } from '../../src/job/claims.js';
import type { ArtifactInfo } from '../../src/job/record.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { jobKey } from '../../src/store/keys.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import type { ArchiveStore } from '../../src/upload/archive-store.js';
import { openS3Target } from '../../src/upload/s3/open.js';
import { S3Row } from '../../src/upload/s3/row.js';
import type { S3Target } from '../../src/upload/s3/s3-target.js';
import { redis } from '../support/own-redis.js';
import { BUCKET, KEY, S3Server } from '../support/s3-server.js';
import { Shipper } from '../support/shipped.js';

const SECRET = 's'.repeat(48);
const OWNER = { user: 'ann', project: 'site', deployment: 'd1' } as ArtifactOwner;
const FILES = { 'index.html': 'page', 'docs/größe.txt': 'x'.repeat(300_000), 'z.txt': 'last' };
let server: S3Server;
let target: S3Target;
let store: ArchiveStore;
let queue: JobsQueue;
let app: FastifyInstance;
let url: string;
let home: string;
let info: ArtifactInfo;
let archive: Buffer;
let manifest: string;

beforeAll(async () => {
  server = await S3Server.start();
  const { endpoint } = server;
  const row = S3Row.parse({
    ...{ name: 'cdn', type: 's3', bucket: BUCKET, endpoint, path_style: true, artifacts: true, ...KEY },
  });
  target = openS3Target(row, {});
  store = target.archives as ArchiveStore;
  home = await mkdtemp(join(tmpdir(), 'koala-stored-'));
  queue = openJobsQueue(redis);
  app = createApp({
    redis,
    artifacts: new Shipper(redis, home).artifacts,
    targets: async () => [{ target, keep: 5, branches: undefined }],
    intake: { redis, queue, secret: SECRET, retentionSeconds: 3600, allowLocal: false, callbacks: false },
    log: pino({ level: 'silent' }),
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: undefined,
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app.close();
  await queue.close();
  await server.stop();
  await rm(home, { recursive: true });
});
beforeEach(async () => {
  await redis.flushall();
  info = await new Shipper(redis, home).ship('d1', { files: FILES });
  archive = await readFile(info.path);
  manifest = await readFile(info.manifest, 'utf8');
  const read = () => createReadStream(info.path);
  await store.put(
    OWNER,
    { size: archive.length, identity: identityOf(info), sha256: identityOf(info), read },
    info.manifest,
    new AbortController().signal,
  );
  await rm(join(home, 'artifacts'), { recursive: true });
  await rm(join(home, 'objects'), { recursive: true, force: true });
  await redis.hset(jobKey(OWNER), 'runner', 'box-seven-12345678-1-2');
});

function ask(path: string, headers: Record<string, string> = {}, user = 'ann') {
  const authorization = `Bearer ${signToken(user, SECRET)}`;
  return fetch(`${url}/job/d1/artifact${path}`, { headers: { authorization, ...headers } });
}
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

it('hands out the archive, a part of it, and its manifest', async () => {
  const whole = await ask('');
  expect([whole.status, whole.headers.get('etag')]).toEqual([200, `"${info.sha256}"`]);
  expect(archive.equals(await bytesOf(whole))).toBe(true);
  const part = await ask('', { range: 'bytes=10-19' });
  expect([part.status, await bytesOf(part)]).toEqual([206, archive.subarray(10, 20)]);
  expect(((await (await ask('/manifest')).json()) as { data: unknown }).data).toEqual(JSON.parse(manifest));
});

it('hands out single files, and parts of them', async () => {
  for (const [path, content] of Object.entries(FILES)) {
    const answer = await ask(`/files/${path}`);
    expect([answer.status, String(await bytesOf(answer))]).toEqual([200, content]);
  }
  const part = await ask('/files/docs/gr%C3%B6%C3%9Fe.txt', { range: 'bytes=299998-' });
  expect([part.status, String(await bytesOf(part))]).toEqual([206, 'xx']);
  expect((await ask('/files/docs')).status).toBe(404);
});

it('refuses what is not what was shipped', async () => {
  const forged = Buffer.from(archive);
  forged[archive.length - 5] = (forged[archive.length - 5] ?? 0) ^ 1;
  async function* read() {
    yield forged;
  }
  await store.put(
    OWNER,
    { size: forged.length, identity: identityOf(info), sha256: identityOf(info), read },
    await written(),
    new AbortController().signal,
  );
  expect((await ask('')).ok).toBe(false);
});

it('says where it lies, and how all machines would have it, when no store has it', async () => {
  await store.remove(OWNER, identityOf(info));
  const answer = await ask('');
  const { error } = (await answer.json()) as { error: { message: string } };
  expect([answer.status, error.message]).toEqual([
    409,
    'the artifact of deployment d1 lies on another machine, box-seven: ask that one, or have it in an object store for all (KOALACI_TARGETS: "artifacts": true)',
  ]);
});

it('goes from the stores when it is removed here', async () => {
  const of = { ...OWNER, head: { sha256: info.sha256 } } as unknown;
  await removeStored(async () => [{ target }], [of as JudgedArchive]);
  expect(await store.archive(OWNER, identityOf(info))).toBeUndefined();
});

it('is nothing of another user', async () => {
  for (const path of ['', '/manifest', '/files/index.html'])
    expect((await ask(path, {}, 'bob')).status).toBe(404);
});

async function written(): Promise<string> {
  const file = join(home, 'manifest.json');
  await writeFile(file, manifest);
  return file;
}
