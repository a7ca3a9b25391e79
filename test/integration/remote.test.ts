// A service as the command line asks it from another machine, on a real Redis: pages, reruns, places, and logs through connections
// that are lost.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceBackend } from '../../src/commands/backend/service.js';
import { untilEnded } from '../../src/commands/wait.js';
import { signToken } from '../../src/job/claims.js';
import type { DeploymentId } from '../../src/job/identity.js';
import { fromPublicJson, publicJson } from '../../src/job/public-json.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { claim, load } from '../../src/store/jobs.js';
import { payloadKey } from '../../src/store/keys.js';
import { followLog, type LogPart, readLog } from '../../src/store/log-reader.js';
import { Recorder } from '../../src/store/recorder.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { redis } from '../support/own-redis.js';
import { payloadOf } from '../support/payload.js';
import { buildingRecord, recordsOfEveryStatus } from '../support/records.js';
import { until } from '../support/until.js';

const SECRET = 's'.repeat(48);
const HOUR = 3600;
let queue: JobsQueue;
let app: FastifyInstance;
let url: URL;
let proxy: CuttingProxy;
let ann: ServiceBackend;

const at = (user: string, address = proxy.url) =>
  new ServiceBackend({ url: address, token: signToken(user, SECRET) });
const id = (text: string) => text as DeploymentId;

beforeAll(async () => {
  queue = openJobsQueue(redis);
  app = createApp({
    redis,
    artifacts: { directory: '/nowhere', flat: false, objects: '/nowhere' },
    intake: {
      redis,
      queue,
      secret: SECRET,
      retentionSeconds: HOUR,
      rerunSeconds: HOUR / 2,
      allowLocal: false,
      callbacks: false,
    },
    targets: async () => [],
    log: pino({ level: 'silent' }),
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: undefined,
  });
  url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  proxy = await CuttingProxy.start(url);
  ann = at('ann');
});
afterAll(async () => {
  await proxy.stop();
  await app.close();
  await queue.close();
});

/** A deployment that this test builds, and ends when it wants. */
async function building(deployment: string) {
  const record = buildingRecord({ deployment: id(deployment), attempt: deployment });
  await claim(redis, record, HOUR);
  const options = { logLimit: 32 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
  return new Recorder(redis, record, options);
}

async function partsOf(parts: AsyncIterable<LogPart>): Promise<LogPart[]> {
  const found = [];
  for await (const part of parts) found.push(part);
  return found;
}

const READY = () => ({ status: 'READY' as const, endedAt: Date.now(), steps: [] });

it('gives a record back as it was, but for what names the machine', () => {
  for (const record of recordsOfEveryStatus()) expect(fromPublicJson(publicJson(record))).toEqual(record);
});

describe('a log', () => {
  it('is the same to the byte through a connection that is cut again and again', async () => {
    const recorder = await building('cut');
    const lines = Array.from(
      { length: 400 },
      (_, line) => `${line} ${randomBytes(300).toString('base64')}\n`,
    );
    for (const line of lines) recorder.log('build', Buffer.from(line));
    recorder.log('build', Buffer.from([0xff, 0xfe, 0x0a]));
    await until(async () => {
      const parts = [];
      for await (const part of readLog(redis, { user: recorder.record.user, deployment: id('cut') }))
        parts.push(part);
      return parts.length > 1;
    });
    proxy.cutAfter(90_000);
    const before = proxy.count;
    const data: Buffer[] = [];
    const following = (async () => {
      for await (const part of ann.log(id('cut'), new AbortController().signal))
        if (part.kind === 'lines') data.push(part.data);
    })();
    await until(() => proxy.count > before + 1);
    await recorder.finish(READY());
    await following;
    proxy.cutAfter(undefined);
    expect(
      Buffer.concat(data).equals(
        Buffer.concat([Buffer.from(lines.join('')), Buffer.from([0xff, 0xfe, 0x0a])]),
      ),
    ).toBe(true);
  });

  it('has the same parts there as here', async () => {
    const recorder = await building('parts');
    recorder.log('source', Buffer.from('one\n'));
    recorder.log('build', Buffer.from('two: ü\nthree'));
    await recorder.finish(READY());
    const own = { user: recorder.record.user, deployment: id('parts') };
    const [here, there, followed] = [
      readLog(redis, own),
      ann.log(id('parts')),
      ann.log(id('parts'), new AbortController().signal),
    ];
    const all = await Promise.all([here, there, followed].map(partsOf));
    expect(all[0]?.length).toBeGreaterThan(1);
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('goes on after the place to which it was read, there as here', async () => {
    const recorder = await building('after');
    recorder.log('source', Buffer.from('one\n'));
    recorder.log('build', Buffer.from('two\n'));
    await recorder.finish(READY());
    const own = { user: recorder.record.user, deployment: id('after') };
    const { signal } = new AbortController();
    const all = await partsOf(followLog(redis, own, signal));
    const { seq } = all[0] as { seq: number };
    for (const parts of [followLog(redis, own, signal, seq), ann.log(id('after'), signal, seq)])
      expect(await partsOf(parts)).toEqual(all.slice(1));
    const last = all.at(-1) as { seq: number };
    expect(await partsOf(ann.log(id('after'), signal, last.seq))).toEqual([]);
  });

  it('of nobody, or of somebody else, is not there', async () => {
    for (const user of ['ann', 'bob'])
      await expect(
        at(user)
          .log(id(user === 'ann' ? 'none' : 'parts'))
          .next(),
      ).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a job', () => {
  it('is queued once, though the answer was lost', async () => {
    proxy.loseAnswerTo('POST /job/create');
    const record = await ann.queue(payloadOf({ deployment_id: 'once' }));
    expect([proxy.hasLost, record.deployment, record.status]).toEqual([true, 'once', 'QUEUED']);
    await expect(ann.queue(payloadOf({ deployment_id: 'once' }))).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('that is built again is not queued twice, when the answer was lost', async () => {
    await ann.queue(payloadOf({ deployment_id: 'lost' }));
    await ann.cancel(id('lost'));
    proxy.loseAnswerTo('POST /job/lost/rerun');
    await expect(ann.rerun(id('lost'), {})).rejects.toMatchObject({ kind: 'environment' });
    expect((await ann.load(id('lost-2'))).status).toBe('QUEUED');
    await expect(ann.load(id('lost-3'))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('says its place, and that no worker listens', async () => {
    await ann.queue(payloadOf({ deployment_id: 'place-1' }));
    await ann.queue(payloadOf({ deployment_id: 'place-2' }));
    const [first, second] = await Promise.all(['place-1', 'place-2'].map((one) => ann.load(id(one))));
    expect(second).toMatchObject({ workers: 0 });
    expect(Number(second && 'place' in second && second.place)).toBe(
      Number(first && 'place' in first && first.place) + 1,
    );
  });

  it('is refused with the same words as on the machine', async () => {
    await expect(ann.queue({ deployment_id: 'bad' })).rejects.toMatchObject({
      kind: 'bad_input',
      message: expect.stringContaining('project_repo_url'),
    });
  });

  it('is canceled, and waited for', async () => {
    await ann.queue(payloadOf({ deployment_id: 'gone' }));
    const waiting = untilEnded(ann, id('gone'), new AbortController().signal);
    expect(await ann.cancel(id('gone'))).toBe('CANCELED');
    expect(await waiting).toMatchObject({ status: 'CANCELED', reason: 'canceled' });
    await expect(ann.cancel(id('gone'))).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('a rerun', () => {
  const commit = 'c'.repeat(40);

  /** One that was queued with a secret, and has been canceled. */
  async function ran(deployment: string, more: object = {}) {
    await ann.queue(payloadOf({ deployment_id: deployment, env: { KEY: 's3cret-value' }, ...more }));
    await ann.cancel(id(deployment));
  }
  const queued = async (deployment: string) => {
    const all = await queue.getJobs();
    return all.find(({ data }) => data.deployment === deployment);
  };

  it('has an id of its own, and leaves the record before', async () => {
    await ran('re');
    expect((await ann.rerun(id('re'), {})).deployment).toBe('re-2');
    expect((await ann.rerun(id('re'), {})).deployment).toBe('re-3');
    expect((await ann.rerun(id('re'), { deployment_id: id('mine') })).deployment).toBe('mine');
    expect((await ann.load(id('re'))).status).toBe('CANCELED');
    expect(await queued('re-2')).toBeDefined();
  });

  it('is of the commit that was built, unless another one is wanted', async () => {
    const { rerunPayload } = await import('../../src/queue/rerun.js');
    await ran('of');
    const own = { user: 'ann' as never, deployment: id('of') };
    const of = (wish: object) => rerunPayload(redis, own, { secret: SECRET, wish });
    expect((await of({})).project_commit).toBeUndefined();
    await redis.hset('koalaci:job:ann:of', 'commit', commit);
    expect(await of({})).toMatchObject({ project_commit: commit, env: { KEY: 's3cret-value' } });
    expect((await of({ latest: true })).project_commit).toBeUndefined();
    expect(await of({ project_commit: 'd'.repeat(40), cache: 'ignore' })).toMatchObject({
      project_commit: 'd'.repeat(40),
      cache: 'ignore',
    });
  });

  it('is possible as long as the job is kept, which nobody can read', async () => {
    await ran('kept');
    const key = payloadKey({ user: 'ann' as never, deployment: id('kept') });
    expect(await redis.get(key)).not.toContain('s3cret');
    expect(await redis.ttl(key)).toBeGreaterThan(HOUR / 2 - 60);
    await redis.del(key);
    await expect(ann.rerun(id('kept'), {})).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is for its user alone, and refuses what it does not know', async () => {
    await ran('own');
    await expect(at('bob').rerun(id('own'), {})).rejects.toMatchObject({ kind: 'not_found' });
    await expect(ann.rerun(id('own'), { no_cache: true } as never)).rejects.toMatchObject({
      kind: 'bad_input',
    });
    await expect(ann.rerun(id('own'), { latest: true, project_commit: commit })).rejects.toMatchObject({
      kind: 'bad_input',
    });
  });
});

describe('a list', () => {
  const projects = ['one', 'two'];
  const all = Array.from({ length: 7 }, (_, index) => `list-${index}`);

  beforeAll(async () => {
    for (const [index, deployment] of all.entries()) {
      // Three at the same time: then their names decide.
      const createdAt = 1_000_000 + Math.floor(index / 3);
      const record = buildingRecord({
        user: 'carl' as never,
        deployment: id(deployment),
        attempt: deployment,
        createdAt,
      });
      await claim(
        redis,
        { ...record, project: projects[index % 2] as never, branch: index < 4 ? 'main' : 'next' },
        HOUR * 24 * 365 * 60,
      );
    }
  });

  it.each([1, 2, 3, 7, 20])('has each deployment once, the newest first, in pages of %i', async (limit) => {
    const carl = at('carl');
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await carl.page({ filter: {}, limit, cursor });
      expect(page.records.length).toBeLessThanOrEqual(limit);
      found.push(...page.records.map(({ deployment }) => deployment));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found).toEqual([...all].reverse());
  });

  it('has those that fit', async () => {
    const carl = at('carl');
    const names = async (filter: object) =>
      (await carl.page({ filter, limit: 20 })).records.map(({ deployment }) => deployment).sort();
    expect(await names({ project: 'two' })).toEqual(['list-1', 'list-3', 'list-5']);
    expect(await names({ project: 'two', branch: 'main' })).toEqual(['list-1', 'list-3']);
    expect(await names({ statuses: ['READY', 'CANCELED'] })).toEqual([]);
    expect(await names({ statuses: ['BUILDING', 'ERROR'] })).toHaveLength(7);
  });

  it('has those of all users for the operator, and for nobody else', async () => {
    const { default: jwt } = await import('jsonwebtoken');
    const operator = new ServiceBackend({
      url: url.origin,
      token: jwt.sign({ user_id: 'op', admin: true }, SECRET),
    });
    const users = (page: { records: { user: string }[] }) => new Set(page.records.map(({ user }) => user));
    expect(users(await operator.page({ filter: {}, limit: 100 }))).toEqual(new Set(['ann', 'carl']));
    expect(users(await at('carl').page({ filter: {}, limit: 100 }))).toEqual(new Set(['carl']));
    const paged = await operator.page({ filter: { project: 'two' }, limit: 2 });
    expect(
      (await operator.page({ filter: { project: 'two' }, limit: 2, cursor: paged.next })).records,
    ).toHaveLength(1);
  });

  it.each([
    ['staus=READY', '"staus" is not a parameter of this route; did you mean status?'],
    ['status=done', 'status: must be one of QUEUED, BUILDING, READY, ERROR, CANCELED, not "done"'],
    ['cursor=x', 'cursor: must be the one that came with the page before'],
    ['limit=0', 'limit: must be a whole number of at least 1'],
  ])('refuses ?%s', async (query, message) => {
    const response = await app.inject({
      url: `/jobs?${query}`,
      headers: { authorization: `Bearer ${signToken('carl', SECRET)}` },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json().error.message).toContain(message);
  });
});

describe('what goes on', () => {
  it('is seen by each of their own, and by the operator of all', async () => {
    const record = buildingRecord({ user: 'dora' as never, deployment: id('runs'), attempt: 'runs' });
    await claim(redis, record, HOUR);
    const dora = at('dora');
    await dora.queue(payloadOf({ deployment_id: 'waits' }));
    const box = await dora.box();
    expect(box.building.map(({ deployment, startedAt }) => [deployment, startedAt])).toEqual([
      ['runs', record.startedAt],
    ]);
    const { place } = (await dora.load(id('waits'))) as { place?: number };
    expect(box.queued.map((one) => [one.deployment, one.place])).toEqual([['waits', place]]);
    expect(place).toBeGreaterThan(0);
    expect(JSON.stringify(box)).not.toContain(record.container);

    const { default: jwt } = await import('jsonwebtoken');
    const operator = new ServiceBackend({
      url: url.origin,
      token: jwt.sign({ user_id: 'op', admin: true }, SECRET),
    });
    expect([operator.seesAll, dora.seesAll]).toEqual([true, false]);
    expect((await operator.box()).building.map(({ user }) => user)).toContain('dora');
    expect((await at('bob').box()).building).toEqual([]);
    await dora.cancel(id('waits'));
    expect((await dora.box()).ended.map(({ deployment }) => deployment)).toEqual(['waits']);
  });
});

it('is asked again when it is away for a moment', async () => {
  await building('away');
  proxy.cut();
  proxy.cutAfter(0);
  const asking = ann.load(id('away'));
  const before = proxy.count;
  await until(() => proxy.count > before);
  proxy.cutAfter(undefined);
  expect((await asking).deployment).toBe('away');
});

it('does not get the token of another place', async () => {
  const { createServer } = await import('node:http');
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(other.address() as { port: number }).port}`;
  await expect(at('ann', address).load(id('d1'))).rejects.toMatchObject({
    kind: 'bad_input',
    remedy: expect.stringContaining('http://127.0.0.1:1'),
  });
  expect(seen).toHaveLength(1);
  other.close();
});

it('keeps what a later version says that is not known here', async () => {
  const record = await load(redis, { user: 'ann' as never, deployment: id('parts') });
  const json = {
    ...publicJson(record),
    extract: ['a line'],
    fault: 'project',
    some_thing_at: '2026-01-31T12:00:00.000Z',
  };
  expect(publicJson(fromPublicJson(json))).toEqual(json);
});
