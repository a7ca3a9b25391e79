// Reports, over HTTP and from the command line, of deployments in a real Redis.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../../src/job/claims.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { Koalaci } from '../support/koalaci.js';
import { redis, server } from '../support/own-redis.js';
import { record, stepsOf } from '../support/recorded.js';
import { Shipper } from '../support/shipped.js';

const SECRET = 's'.repeat(48);
const START = Date.now() - 3_600_000;
let queue: JobsQueue;
let app: FastifyInstance;
let home: string;
let shipper: Shipper;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'koala-report-'));
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
  });
});
afterAll(async () => {
  await app.close();
  await queue.close();
  await rm(home, { recursive: true });
});

async function reportOf(id: string, user = 'ann') {
  const headers = { authorization: `Bearer ${signToken(user, SECRET)}` };
  const { statusCode, headers: got, body } = await app.inject({ url: `/job/${id}/report`, headers });
  return { status: statusCode, headers: got, html: body };
}

/** What is packed in a page, as it is. */
function logIn(html: string): string {
  const packed = [...html.matchAll(/<script type="text\/plain"[^>]*>([^<]*)</g)].map(([, text = '']) => text);
  return packed.map((text) => inflateRawSync(Buffer.from(text, 'base64')).toString()).join('');
}

describe('a report over HTTP', () => {
  it('is a page of its own, in which nothing runs but its script', async () => {
    await record(redis, 'plain', { log: [['build', 'done\n']] });
    const { status, headers, html } = await reportOf('plain');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; .*sandbox allow-scripts$/,
    );
    expect(html).toContain(
      `content="${String(headers['content-security-policy']).split('; sandbox')[0]?.replaceAll("'", '&#39;')}"`,
    );
    expect(logIn(html)).toBe('done\n');
  });

  it('shows what a stranger has named as text', async () => {
    const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    await record(redis, 'evil', {
      fields: { branch: evil, repo: `https://example.org/${evil}`, variables: [evil] },
      found: { commit: evil, node: evil, manager: evil, refusedScripts: [evil] },
      log: [['build', `${evil}\n</script>\n`]],
      end: {
        status: 'ERROR',
        reason: 'build_failed',
        message: evil,
        remedy: evil,
        steps: [{ ...stepsOf(START, { build: 1 })[0], note: evil }],
      } as never,
    });
    const { html } = await reportOf('evil');
    expect(html).not.toMatch(/<img|onerror=alert\(1\)>|<script>alert/);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html.split('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;').length).toBeGreaterThan(8);
    expect(logIn(html)).toBe(`${evil}\n</script>\n`);
  });

  it('says why a build failed, and names no place of the machine', async () => {
    const artifact = {
      path: '/srv/secret/d.tar.gz',
      manifest: '/srv/secret/d.json',
      files: 1,
      bytes: 1,
      sha256: 'a',
    };
    await record(redis, 'failed', {
      fields: { startedAt: START, artifact },
      log: [
        ['install', 'fine\n'],
        ['build', 'error TS1\n'],
      ],
      end: {
        ...{
          status: 'ERROR',
          reason: 'build_failed',
          step: 'build',
          exitCode: 2,
          message: 'it does not type-check',
          remedy: 'Correct it.',
        },
        steps: stepsOf(START, { install: 3, build: 4 }),
      },
    });
    const { html } = await reportOf('failed');
    expect(html).toMatch(
      /<h2 id="why">it does not type-check<\/h2>\s*<p[^>]*>build_failed, in step build, exit code 2<\/p>\s*<p>Correct it\.<\/p>/,
    );
    expect(html).toMatch(/<details class="step">\s*<summary><h3>install<\/h3>/);
    expect(html).toMatch(/<details class="step" open data-end>\s*<summary><h3>build<\/h3>.*failed after 4 s/);
    expect(html).not.toMatch(/\/srv\/secret|box:1:2|koalaci-1/);
  });

  it('is compared with READY builds of its project before it, and has its artifact by size', async () => {
    const files = { 'index.html': 'x'.repeat(300), 'big.js': 'y'.repeat(5_000), 'a<b>.css': 'z' };
    for (const id of ['one', 'two']) await shipper.ship(id, { files });
    await record(redis, 'other', { fields: { project: 'elsewhere' as never, createdAt: Date.now() } });
    await record(redis, 'broken', {
      end: { status: 'ERROR', reason: 'build_failed', message: 'no' } as never,
    });
    await shipper.ship('three', { files });
    await shipper.ship('later', { files });
    const { html } = await reportOf('three');
    const compared = [
      ...html.matchAll(/<th scope="row">(\w+)(?: <span class="quiet">\(this one\)<\/span>)?<\/th>/g),
    ].map(([, id]) => id);
    expect(
      compared.filter((id) => ['three', 'two', 'one', 'other', 'broken', 'later'].includes(id ?? '')),
    ).toEqual(['three', 'two', 'one']);
    const largest = html.split('Largest files')[1] ?? '';
    expect([...largest.matchAll(/class="path">([^ ]*?)<\/th>/g)].map(([, path]) => path)).toEqual([
      'big.js',
      'index.html',
      'a&lt;b&gt;.css',
    ]);
  });

  it("is nobody else's, and needs a token", async () => {
    await record(redis, 'own', {});
    expect((await reportOf('own', 'ben')).status).toBe(404);
    expect((await reportOf('unknown')).status).toBe(404);
    expect((await app.inject({ url: '/job/own/report' })).statusCode).toBe(401);
  });
});

describe('koalaci report', () => {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());
  const run = (...args: string[]) => koalaci.run(['report', ...args], { env: { REDIS_URL: server.url } });

  it('writes a file, and says which', async () => {
    await record(redis, 'cli', { log: [['build', 'here\n']] });
    const file = join(home, 'page.html');
    const { exitCode, stdout, stderr } = await run('cli', '--output', file);
    expect([exitCode, stdout, stderr]).toEqual([0, file, 'wrote a report of cli; open it in a browser']);
    expect(logIn(await readFile(file, 'utf8'))).toBe('here\n');
    expect((await readdir(home)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('prints it, or says why it cannot', async () => {
    await record(redis, 'cli-2', { log: [['build', 'here\n']] });
    const printed = await run('cli-2', '--output', '-');
    expect([printed.exitCode, printed.stderr, logIn(printed.stdout)]).toEqual([0, '', 'here\n']);
    const nowhere = await run('cli-2', '--output', join(home, 'none', 'page.html'));
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be written to .*none\/page\.html: its directory is not there/),
    ]);
    expect((await run('nobody', '--output', '-')).exitCode).toBe(4);
  });
});
