// The guide's receiver of webhooks, as a process of its own, between a forge and the service: it starts what was pushed, and reports
// the status of the commit.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Callbacks } from '../../src/callbacks/callbacks.js';
import { signToken } from '../../src/job/claims.js';
import { callbackKey } from '../../src/outbound/signature.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { redis } from '../support/own-redis.js';
import { until } from '../support/until.js';

const RECEIVER = new URL('../../src/guides/webhook-receiver.mjs', import.meta.url).pathname;
const SECRET = 's'.repeat(48);
const SIGNING = 'k'.repeat(48);
const HOOK_SECRET = 'what the forge knows';
const SHA = 'bffeb74224043ba2feb48d137756c8a9331c449a';
/** A tag with a message has an id of its own. */
const TAG = '5aef35982fb2d34e9d9d4502f6ede1072793222d';
const token = signToken('ann', SECRET);
const hmac = (body: string) => createHmac('sha256', HOOK_SECRET).update(body).digest('hex');

let queue: JobsQueue;
let app: FastifyInstance;
let callbacks: Callbacks;
let server: string;
let forge: Server;
let said: { path: string; headers: IncomingHttpHeaders; body: Record<string, string> }[] = [];

beforeAll(async () => {
  queue = openJobsQueue(redis);
  const log = pino({ level: 'silent' });
  app = createApp({
    ...{ redis, log, metrics: new Metrics(), running: () => 0, stopping: () => false, engine: undefined },
    artifacts: { directory: '/nowhere', flat: false, objects: '/nowhere' },
    intake: { redis, queue, secret: SECRET, retentionSeconds: 3600, allowLocal: false, callbacks: true },
    targets: async () => [],
  });
  server = await app.listen({ port: 0, host: '127.0.0.1' });
  const signing = { signingSecret: SIGNING, allowPrivate: true, onOutcome: () => {} };
  callbacks = new Callbacks({ redis, secret: SECRET, log, ...signing });
  forge = createServer(async (request, response) => {
    said.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(201).end('{}');
  });
  await new Promise<void>((resolve) => forge.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await callbacks.close();
  await app.close();
  await queue.close();
  forge.close();
});

/** The fields of the forges' documented payloads that matter, among others. */
const COMMON = { ref: 'refs/heads/develop', before: '28e1879d029cb852e4844d9c718537df08844e03', after: SHA };
const repository = {
  ...{ id: 140, name: 'webhooks', full_name: 'acme/webhooks', private: false, default_branch: 'main' },
  ...{
    html_url: 'http://localhost:3000/acme/webhooks',
    clone_url: 'https://git.example.com/acme/webhooks.git',
  },
  ssh_url: 'git@git.example.com:acme/webhooks.git',
};
const FORGES = {
  github: {
    payload: {
      ...COMMON,
      created: false,
      deleted: false,
      forced: false,
      head_commit: { id: SHA },
      repository,
      pusher: { name: 'ann' },
    },
    headers: (body: string) => ({ 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body)}` }),
    other: { 'x-github-event': 'ping' },
    path: `/repos/acme/webhooks/statuses/${SHA}`,
    states: ['pending', 'error'],
    as: ['authorization', 'Bearer forge-token'],
  },
  gitlab: {
    payload: {
      ...{ object_kind: 'push', event_name: 'push', ...COMMON, checkout_sha: SHA, project_id: 15 },
      project: {
        ...{ id: 15, name: 'webhooks', path_with_namespace: 'acme/webhooks', default_branch: 'main' },
        git_http_url: 'https://git.example.com/acme/webhooks.git',
      },
    },
    headers: () => ({ 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': HOOK_SECRET }),
    other: { 'x-gitlab-event': 'Issue Hook' },
    path: `/projects/15/statuses/${SHA}`,
    states: ['pending', 'canceled'],
    as: ['private-token', 'forge-token'],
  },
  gitea: {
    payload: {
      ...COMMON,
      compare_url: 'http://localhost:3000/x',
      commits: [],
      repository,
      pusher: { id: 1 },
    },
    // It says that it is GitHub, too.
    headers: (body: string) => ({
      'x-gitea-event': 'push',
      'x-github-event': 'push',
      'x-gitea-signature': hmac(body),
    }),
    other: { 'x-gitea-event': 'issues' },
    path: `/repos/acme/webhooks/statuses/${SHA}`,
    states: ['pending', 'error'],
    as: ['authorization', 'token forge-token'],
  },
};

describe.each(Object.entries(FORGES))('a push to %s', (name, {
  payload,
  headers,
  other,
  path,
  states,
  as,
}) => {
  let address: string;
  let receiving: { kill: () => void };
  const post = (body: object, more: Record<string, string>) =>
    fetch(`${address}/hook`, { method: 'POST', body: JSON.stringify(body), headers: more });
  const signed = (body: object) => headers(JSON.stringify(body)) as unknown as Record<string, string>;

  beforeAll(async () => {
    said = [];
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    receiving = execa('node', [RECEIVER], {
      env: {
        ...{ FORGE: name, FORGE_TOKEN: 'forge-token', HOOK_SECRET, PORT: String(port), PUBLIC_URL: address },
        FORGE_API: `http://127.0.0.1:${(forge.address() as AddressInfo).port}`,
        ...{ KOALACI_SERVER: server, KOALACI_TOKEN: token, CALLBACK_KEY: callbackKey(SIGNING, 'ann') },
        JOB: JSON.stringify({ project_build_command: `echo ${name}`, project_dist_directory: 'dist' }),
      },
      reject: false,
    });
    await until(() =>
      fetch(address).then(
        ({ status }) => status === 404,
        () => false,
      ),
    );
  });
  afterAll(() => void receiving.kill());

  it('is built, once, and the commit has the status of that', async () => {
    // The three are of one project.
    const push = { ...payload, ref: `refs/heads/${name}`, after: name === 'gitea' ? SHA : TAG };
    const answer = await post(push, signed(push));
    const id = await answer.text();
    expect([answer.status, id]).toEqual([202, expect.stringMatching(/^acme-webhooks-bffeb742-\w+$/)]);
    expect((await post(push, signed(push))).status).toBe(202);
    const asking = { headers: { authorization: `Bearer ${token}` } };
    const { data } = (await (await fetch(`${server}/job/${id}`, asking)).json()) as { data: object };
    expect(data).toMatchObject({ branch: name, repo: 'https://git.example.com/acme/webhooks.git' });
    await until(() => said.length === 1);
    await fetch(`${server}/job/${id}/cancel`, { method: 'PATCH', ...asking });
    await until(() => said.length === 2);
    expect(said.map((one) => [one.path, one.body.state, one.headers[as[0] ?? '']])).toEqual([
      [path, states[0], as[1]],
      [path, states[1], as[1]],
    ]);
  });

  it('is not believed with another signature, or none', async () => {
    const forged = Object.fromEntries(
      Object.entries(signed(payload)).map(([key, value]) => [
        key,
        key.includes('event') ? value : `${value}0`,
      ]),
    );
    expect((await post(payload, forged)).status).toBe(403);
    expect((await post(payload, {})).status).toBe(403);
    const status = { method: 'POST', body: JSON.stringify({ deployment_id: 'x', status: 'READY' }) };
    expect((await fetch(`${address}/status?to=acme/webhooks&sha=${SHA}`, status)).status).toBe(403);
  });

  it('that deletes a branch builds nothing, nor do other events', async () => {
    const gone = { ...payload, after: '0'.repeat(40) };
    expect((await post(gone, signed(gone))).status).toBe(204);
    expect((await post(payload, { ...signed(payload), ...other })).status).toBe(204);
  });
});

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return port;
}
