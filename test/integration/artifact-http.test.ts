// Artifacts over HTTP, on a real Redis and real files: the bytes of the record, whole and in parts, and for nobody else.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedEntry } from '../../src/artifact/listing.js';
import { objectPathOf, objectsOf } from '../../src/artifact/objects.js';
import { signToken } from '../../src/job/claims.js';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import type { ArtifactInfo } from '../../src/job/record.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { noteRemoved } from '../../src/store/artifacts.js';
import { load } from '../../src/store/jobs.js';
import { jobKey } from '../../src/store/keys.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { redis } from '../support/own-redis.js';
import { Shipper } from '../support/shipped.js';
import { until } from '../support/until.js';

const SECRET = 's'.repeat(48);
const token = signToken('ann', SECRET);
const ID = { user: 'ann' as UserId, deployment: 'd1' as DeploymentId };
const LARGE = 16 << 20;
let queue: JobsQueue;
let app: FastifyInstance;
let url: URL;
let home: string;
let shipper: Shipper;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'koala-artifact-'));
  shipper = new Shipper(redis, home);
  queue = openJobsQueue(redis);
  app = createApp({
    redis,
    artifacts: shipper.artifacts,
    intake: { redis, queue, secret: SECRET, retentionSeconds: 3600, allowLocal: false, callbacks: false },
    targets: async () => [],
    log: pino({ level: 'silent' }),
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: undefined,
    limits: { queued: 9, followers: 2, requests: 10_000, logs: 1 << 30, artifacts: 1 << 30 },
  });
  url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
});
afterAll(async () => {
  await app.close();
  await queue.close();
});
beforeEach(async () => {
  await mkdir(home, { recursive: true });
  shipper = new Shipper(redis, home);
});
afterEach(async () => {
  await until(async () => (await openFiles()).length === 0);
  await rm(home, { recursive: true });
  await redis.flushall();
});

/** The files of this test that this process has open. */
async function openFiles(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd');
  const paths = await Promise.all(numbers.map((one) => readlink(`/proc/self/fd/${one}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(home));
}

function ask(path = '/job/d1/artifact', headers: Record<string, string> = {}, method = 'GET') {
  return fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${token}`, ...headers } });
}

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A client that asks, waits for the beginning of the answer, and does not read on. */
async function stall(bearer = token): Promise<Socket> {
  const socket = connectSocket(Number(url.port), url.hostname);
  socket.on('error', () => {});
  socket.write(`GET /job/d1/artifact HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bearer}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

describe('an artifact', () => {
  it('is the archive whose hash the record has, told by its headers, for HEAD without the bytes', async () => {
    const { path, sha256: hash, archiveBytes } = await shipper.ship('d1');
    for (const method of ['GET', 'HEAD']) {
      const response = await ask(undefined, {}, method);
      expect([response.status, Object.fromEntries(response.headers)]).toMatchObject([
        200,
        {
          etag: `"${hash}"`,
          'accept-ranges': 'bytes',
          'content-type': 'application/gzip',
          'content-length': String(archiveBytes),
          'content-disposition': 'attachment; filename="d1.tar.gz"',
        },
      ]);
      const bytes = await bytesOf(response);
      expect(bytes.equals(method === 'GET' ? await readFile(path) : Buffer.alloc(0))).toBe(true);
    }
  });

  it('comes in parts, of which none is of another one', async () => {
    const {
      path,
      sha256: hash,
      archiveBytes = 0,
    } = await shipper.ship('d1', { files: { a: randomBytes(1_000) } });
    const all = await readFile(path);
    const part = await ask(undefined, { range: 'bytes=10-19', 'if-range': `"${hash}"` });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${archiveBytes}`]);
    expect((await bytesOf(part)).equals(all.subarray(10, 20))).toBe(true);
    const rest = await ask(undefined, { range: 'bytes=20-' });
    expect((await bytesOf(rest)).equals(all.subarray(20))).toBe(true);
    const changed = await ask(undefined, { range: 'bytes=10-19', 'if-range': '"old"' });
    expect([changed.status, (await bytesOf(changed)).equals(all)]).toEqual([200, true]);
  });

  it('has no part behind its end', async () => {
    const { archiveBytes } = await shipper.ship('d1');
    const response = await ask(undefined, { range: 'bytes=1000000-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      416,
      `bytes */${archiveBytes}`,
    ]);
    expect(await response.json()).toMatchObject({ error: { code: 'unsatisfiable' } });
    expect(response.headers.get('etag')).toBeNull();
  });

  it('is not sent again to who has it', async () => {
    const { sha256: hash } = await shipper.ship('d1');
    const response = await ask(undefined, { 'if-none-match': `W/"x", "${hash}"` });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
      304,
      `"${hash}"`,
      '',
    ]);
  });

  it('stays what it was while the deployment is built again', async () => {
    const { sha256: old } = await shipper.ship('d1', { files: { a: randomBytes(LARGE) } });
    const before = await ask();
    await shipper.ship('d1', { files: { a: randomBytes(LARGE) } });
    expect(sha256(await bytesOf(before))).toBe(old);
    const after = await ask();
    expect(after.headers.get('etag')).toBe(`"${sha256(await bytesOf(after))}"`);
    expect(after.headers.get('etag')).not.toBe(`"${old}"`);
  });

  it('has a manifest, which is as it is described', async () => {
    const info = await shipper.ship('d1', { files: { 'a/ü "1".txt': 'one', b: '' } });
    const body = (await (await ask('/job/d1/artifact/manifest')).json()) as { data: { entries: object[] } };
    const { paths } = (await app.inject('/openapi.json')).json();
    const route = paths['/job/{id}/artifact/manifest'].get;
    const { schema } = route.responses[200].content['application/json'];
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    expect(ajv.validate(schema, body), ajv.errorsText()).toBe(true);
    expect(body.data).toMatchObject({ sha256: info.sha256, deployment_id: 'd1', files: 2 });
    const hash = (text: string) => sha256(Buffer.from(text));
    expect(body.data.entries).toEqual([
      { path: 'a', type: 'directory', mode: '755' },
      { path: 'a/ü "1".txt', type: 'file', mode: '644', size: 3, sha256: hash('one') },
      { path: 'b', type: 'file', mode: '644', size: 0, sha256: hash('') },
    ]);
  });
});

describe('a file of an artifact', () => {
  const FILES = { 'index.html': '<h1>Hi</h1>', 'assets/app.js': 'run()', empty: '' };

  it('is what was shipped, of the type of its name, and no page of this service', async () => {
    await shipper.ship('d1', { files: FILES });
    for (const [path, content] of Object.entries(FILES)) {
      const response = await ask(`/job/d1/artifact/files/${path}`);
      expect([response.status, await response.text()]).toEqual([200, content]);
      expect(response.headers.get('etag')).toBe(`"${sha256(Buffer.from(content))}"`);
    }
    const { status, headers } = await ask('/job/d1/artifact/files/index.html', {}, 'HEAD');
    expect([status, Object.fromEntries(headers)]).toMatchObject([
      200,
      {
        ...{ 'content-type': 'text/html; charset=utf-8', 'content-length': '11', 'accept-ranges': 'bytes' },
        ...{ 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' },
      },
    ]);
  });

  it('has any name that a file can have', async () => {
    const long = `${'d'.repeat(200)}/${'e'.repeat(200)}.txt`;
    for (const path of [long, 'ü "1" 100%?#.txt', '-', '...']) {
      await shipper.ship('d1', { files: { [path]: 'here' } });
      const asked = path.split('/').map(encodeURIComponent).join('/');
      const response = await ask(`/job/d1/artifact/files/${asked}`);
      expect([path, response.status, await response.text()]).toEqual([path, 200, 'here']);
    }
    expect((await ask('/job/d1/artifact/files/%00')).status).toBe(404);
    expect((await ask('/job/d1/artifact/files/%ff')).status).toBe(400);
  });

  it('comes in parts, and not again to who has it', async () => {
    await shipper.ship('d1', { files: FILES });
    const file = '/job/d1/artifact/files/index.html';
    const part = await ask(file, { range: 'bytes=4-5' });
    expect([part.status, await part.text()]).toEqual([206, 'Hi']);
    const etag = `"${sha256(Buffer.from(FILES['index.html']))}"`;
    expect((await ask(file, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask(file, { range: 'bytes=99-' })).status).toBe(416);
  });

  it('is none where there is a directory, or nothing', async () => {
    await shipper.ship('d1', { files: FILES });
    for (const path of ['assets', 'assets/', 'nothing', '', 'index.html/', '..%2fd1.json']) {
      const response = await ask(`/job/d1/artifact/files/${path}`);
      expect([path, response.status]).toEqual([path, 404]);
    }
  });

  it('is not sent when its object was damaged', async () => {
    const info = await shipper.ship('d1', { files: FILES });
    const { entries } = JSON.parse(await readFile(info.manifest, 'utf8')) as { entries: ListedEntry[] };
    const page = entries.find(({ path }) => path === 'index.html');
    if (!page) throw new Error('no page');
    const object = objectPathOf(objectsOf(shipper.artifacts.objects, ID.user))(page);
    await chmod(object, 0o644);
    await writeFile(object, '<h1>Ho</h1>');
    const response = await ask('/job/d1/artifact/files/index.html');
    expect([response.status, await response.text()]).toEqual([409, expect.stringContaining('changed')]);
  });
});

describe('an artifact without an archive', () => {
  it('has the archive that it would have, made when it is asked for', async () => {
    const files = { 'index.html': '<h1>Hi</h1>', large: randomBytes(1 << 20) };
    const { path, sha256: hash } = await shipper.ship('d1', { files });
    const before = await readFile(path);
    await rm(path);
    shipper.keepsArchives = false;
    expect(await shipper.ship('d1', { files })).toMatchObject({ sha256: hash, archiveBytes: before.length });
    const whole = await ask();
    expect([whole.status, whole.headers.get('etag')]).toEqual([200, `"${hash}"`]);
    expect((await bytesOf(whole)).equals(before)).toBe(true);
    const part = await ask(undefined, { range: 'bytes=5-9' });
    expect((await bytesOf(part)).equals(before.subarray(5, 10))).toBe(true);
    expect((await ask(undefined, {}, 'HEAD')).headers.get('content-length')).toBe(String(before.length));
    expect((await readdir(dirname(path))).filter((name) => name !== 'd1.json')).toEqual([]);
  });

  it('is refused where an object is missing', async () => {
    shipper.keepsArchives = false;
    await shipper.ship('d1');
    await rm(shipper.artifacts.objects, { recursive: true });
    expect((await ask()).status).toBe(404);
  });
});

describe('nobody gets', () => {
  /** The refusal of all routes. It names neither a path nor a machine. */
  async function refusal(options: { as?: string; id?: string } = {}) {
    const { as = 'ann', id = 'd1' } = options;
    const answers = ['', '/manifest', '/files/index.html'].map(async (more) => {
      const response = await ask(`/job/${id}/artifact${more}`, {
        authorization: `Bearer ${signToken(as, SECRET)}`,
      });
      const { error } = (await response.json()) as { error: { message: string } };
      expect(error.message).not.toContain(home);
      return [response.status, error.message];
    });
    const [archive, ...others] = await Promise.all(answers);
    for (const other of others) expect(other).toEqual(archive);
    return archive;
  }

  it('what is another user’s, or is no deployment', async () => {
    await shipper.ship('d1');
    expect(await refusal({ as: 'bob' })).toEqual([404, 'there is no deployment d1']);
    expect(await refusal({ id: 'nope' })).toEqual([404, 'there is no deployment nope']);
    expect((await refusal({ id: '..%2f..' }))?.[0]).toBe(404);
  });

  it('what is not READY, though its last build was', async () => {
    await shipper.ship('d1');
    const { recorder } = await shipper.begin('d1');
    expect(await refusal()).toEqual([409, 'deployment d1 is BUILDING: it has an artifact once it is READY']);
    await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
    expect(await refusal()).toEqual([
      409,
      'deployment d1 is ERROR/silent: it has an artifact only if it is READY',
    ]);
  });

  it('what was removed: it is said when, and why', async () => {
    const info = await shipper.ship('d1');
    const { attempt } = await load(redis, ID);
    const described = { field: 'artifact' as const, info };
    const removal = { project: 'site', attempt, described, isKept: true, why: 'older than 90 days' };
    await noteRemoved(redis, ID, removal);
    expect(await refusal()).toEqual([
      404,
      expect.stringMatching(/^the artifact of deployment d1 was removed at 20\S+Z: older than 90 days$/),
    ]);
  });

  it('what lies on another machine, also where an earlier build of it is here', async () => {
    const { path, manifest } = await shipper.ship('d1');
    await redis.hset(jobKey(ID), 'runner', 'box-seven-12345678-1-2');
    const elsewhere = [
      409,
      'the artifact of deployment d1 lies on another machine, box-seven: ask that one, or have it in an object store for all (KOALACI_TARGETS: "artifacts": true)',
    ];
    const artifact = JSON.parse((await redis.hget(jobKey(ID), 'artifact')) ?? '') as ArtifactInfo;
    await redis.hset(jobKey(ID), 'artifact', JSON.stringify({ ...artifact, sha256: 'ab'.repeat(32) }));
    expect(await refusal()).toEqual(elsewhere);
    for (const file of [path, manifest]) await rm(file);
    expect(await refusal()).toEqual(elsewhere);
  });

  it('what somebody has changed, or taken away', async () => {
    const { path, manifest } = await shipper.ship('d1');
    // The first answer is remembered, and only for this very file.
    expect((await bytesOf(await ask())).length).toBeGreaterThan(0);
    for (const file of [path, manifest]) {
      const bytes = await readFile(file);
      const at = file === path ? bytes.length - 30 : bytes.indexOf('"sha256": "') + 12;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(file, bytes);
    }
    expect(await refusal()).toEqual([409, expect.stringContaining('its files have been changed')]);
    for (const file of [path, manifest]) await rename(file, `${file}.away`);
    expect(await refusal()).toEqual([404, expect.stringContaining('is not there any more')]);
  });
});

describe('a client that does not read', () => {
  it('costs no memory, counts for its user, and leaves nothing open when it goes', async () => {
    await shipper.ship('d1', { files: { a: randomBytes(LARGE) } });
    const held: Socket[] = [];
    app.server.on('connection', (socket) => held.push(socket));
    const clients = [await stall(), await stall()];
    for (const socket of held) expect(socket.writableLength).toBeLessThan(2 << 20);
    const third = await ask();
    expect([third.status, await third.json()]).toMatchObject([
      429,
      { error: { message: 'your limit is reached: 2 logs and artifacts that are read at once' } },
    ]);
    for (const client of clients) client.destroy();
    await until(async () => {
      const response = await ask();
      return (await bytesOf(response)).length > 0 && response.status === 200;
    });
  });

  it('is cut off when its token ends', async () => {
    await shipper.ship('d1', { files: { a: randomBytes(LARGE) } });
    const client = await stall(signToken('ann', SECRET, 2));
    // Sooner than it is cut off for not reading.
    await until(async () => (await openFiles()).length === 0, 20_000);
    client.destroy();
  });
});
