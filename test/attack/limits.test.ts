// One user tries to take the box for themselves: jobs, requests, followers, time.
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { gate } from '../support/gate.js';
import { Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { attack } from './attack.js';

const SECRET = 'a secret of the panel, of 32 bytes or more';
const ENV = {
  JWT_SECRET: SECRET,
  KOALACI_USER_QUEUED: '3',
  KOALACI_USER_FOLLOWERS: '2',
  KOALACI_USER_REQUESTS: '40',
};
let koalaci: Koalaci;
let service: Daemon;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  service = await Daemon.start(koalaci, ['serve', '--concurrency', '0'], ENV);
});
afterAll(async () => {
  await service.stop();
  await koalaci.close();
});

/** A token of a user, whose limits the panel has signed. */
const tokenOf = (user: string, limits?: object, expiresIn = 600) =>
  jwt.sign({ user_id: user, ...(limits ? { 'koalaci.limits': limits } : {}) }, SECRET, { expiresIn });

const create = (token: string, id: string, more: object = {}) =>
  service.ask('POST', '/job/create', { token, body: payloadOf({ deployment_id: id, ...more }) });

/** Begins to follow a log. Returns the answer, whose body is read on until the stream ends. */
const follow = (token: string, id: string) =>
  fetch(`${service.url}/job/${id}/log`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });

describe('limits', () => {
  attack(
    'a user creates more jobs than they may, all at once',
    async () => {
      const token = tokenOf('greedy');
      const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => create(token, `g${n}`)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(9);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.body.error).toEqual({
        code: 'over_limit',
        message: 'your limit is reached: 3 jobs that are queued or building',
      });
      // Others are not touched, and the panel may give more or less.
      expect((await create(tokenOf('other'), 'o1')).status).toBe(200);
      expect((await create(tokenOf('greedy', { queued: 4 }), 'g-more')).status).toBe(200);
      expect((await create(tokenOf('less', { queued: 0 }), 'l1')).status).toBe(429);
    },
    { short: true },
  );

  attack('a user has one job, and the next one is to take its place: that is no attack', async () => {
    const token = tokenOf('pusher', { queued: 1 });
    expect((await create(token, 'p1')).status).toBe(200);
    expect((await create(token, 'p2')).status).toBe(429);
    expect((await create(token, 'p3', { supersede: true })).status).toBe(200);
    expect((await service.ask('GET', '/job/p1/status', { token })).body.data).toBe('CANCELED');
  });

  attack('a user signs larger limits themselves', async () => {
    const claims = { user_id: 'forger', 'koalaci.limits': { queued: 1_000 } };
    const forged = jwt.sign(claims, 'another secret, also of 32 bytes or more');
    expect((await create(forged, 'f1')).status).toBe(401);
  });

  attack('a user makes more requests than they may', async () => {
    const token = tokenOf('busy');
    const ask = () => fetch(`${service.url}/jobs`, { headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(Array.from({ length: 60 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(20);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused[0]?.json()).toMatchObject({
      error: { message: expect.stringContaining('40 requests in a minute') },
    });
    expect((await service.ask('GET', '/jobs', { token: tokenOf('calm') })).status).toBe(200);
    expect((await service.ask('GET', '/healthz')).status).toBe(200);
  });

  attack('a user follows more logs than they may', async () => {
    const token = tokenOf('curious');
    await create(token, 'c1');
    const following = await Promise.all([follow(token, 'c1'), follow(token, 'c1')]);
    expect(following.map(({ status }) => status)).toEqual([200, 200]);
    const third = await follow(token, 'c1');
    expect(third.status).toBe(429);
    expect(await third.text()).toContain('2 logs that are followed at once');
    await service.ask('PATCH', '/job/c1/cancel', { token });
    for (const { text } of await Promise.all(following.map(async (one) => ({ text: await one.text() }))))
      expect(text).toContain('event: end');
    // Those have let go.
    expect((await follow(token, 'c1')).status).toBe(200);
  });

  attack('a log is followed after its token has ended', async () => {
    await create(tokenOf('late'), 'l1');
    const short = await follow(tokenOf('late', undefined, 2), 'l1');
    expect(short.status).toBe(200);
    // Nothing else ends it: the job stays in the queue.
    expect(await short.text()).not.toContain('event: end');
    expect((await service.ask('GET', '/job/l1/status', { token: tokenOf('late') })).body.data).toBe('QUEUED');
  });

  attack('a job asks for more time than the operator gives', async () => {
    const repo = await repoOf('static');
    const built = await koalaci.build(repo, { id: 'time', command: gate() }, ['--timeout', '1h'], {
      KOALACI_TIMEOUT: '5s',
    });
    expect(built.exitCode).toBe(124);
    expect((await koalaci.build(repo, { id: 'next' })).exitCode).toBe(0);
  });
});
