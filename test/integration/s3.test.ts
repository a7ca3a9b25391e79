// Targets that speak S3, against a real server that checks signatures: what is put, in which order, and what an open tab still finds.
import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBucket, openS3Target } from '../../src/upload/s3/open.js';
import { S3Row } from '../../src/upload/s3/row.js';
import type { Release } from '../../src/upload/target.js';
import { releaseOf } from '../support/released.js';
import { BUCKET, DOMAIN, KEY, S3Server } from '../support/s3-server.js';

let server: S3Server;
let home: string;
let said: string[];
let options: { signal: AbortSignal; say: (line: string) => void; maySwitch: () => boolean };

beforeEach(async () => {
  server = await S3Server.start();
  home = await mkdtemp(join(tmpdir(), 'koala-s3-'));
  said = [];
  options = { signal: new AbortController().signal, say: (line) => said.push(line), maySwitch: () => true };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.stop();
  await rm(home, { recursive: true });
});

function row(more: object = {}): S3Row {
  const { endpoint } = server;
  return S3Row.parse({
    name: 'cdn',
    type: 's3',
    bucket: BUCKET,
    endpoint,
    path_style: true,
    ...KEY,
    ...more,
  });
}

const release = (files: Record<string, string | Buffer>, of = {}) =>
  releaseOf(join(home, 'objects'), files, of);

/** As a runner does it, in a process of its own. */
async function publish(one: Release, place = 'current', more: object = {}): Promise<void> {
  const target = openS3Target(row(more), {});
  await target.upload(one, { place, ...options });
  await target.serve(one, place, options);
}

const textAt = async (key: string) =>
  Buffer.from((await openBucket(row(), {}).get(key)) ?? 'nothing there').toString();
const puts = () =>
  server.asked.filter((one) => one.startsWith('PUT ')).map((one) => one.replace(/^.*\/current\//, ''));

const FIRST = {
  'index.html': 'first <script src=/assets/app-BxYz12_a.js>',
  'about/index.html': 'about',
  'assets/app-BxYz12_a.js': 'first',
  'assets/style.css': 'body {}',
  'sw.js': 'first',
};

it('serves what a release has under the ids of its user and project, with the headers that browsers go by', async () => {
  await publish(await release(FIRST, { user: 'a/../b@c', project: 'site' }), 'current', { prefix: 'web' });
  const tree = 'web/sites/a%2F..%2Fb%40c/site/current/';
  expect(await server.keys(tree)).toEqual(Object.keys(FIRST).sort());
  const headers = async (path: string) => {
    const { headers } = await server.fetch(`${tree}${path}`);
    return [headers.get('content-type'), headers.get('cache-control')];
  };
  expect(await headers('index.html')).toEqual([
    'text/html; charset=utf-8',
    'public, max-age=0, must-revalidate',
  ]);
  expect(await headers('assets/style.css')).toEqual([
    'text/css; charset=utf-8',
    'public, max-age=0, must-revalidate',
  ]);
  expect(await headers('assets/app-BxYz12_a.js')).toEqual([
    ...['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ]);
});

it('puts what no page names yet, then what pages name, then the pages, then what announces them', async () => {
  const one = await release(FIRST);
  const target = openS3Target(row(), {});
  await target.upload(one, { place: 'current', ...options });
  expect(puts()).toEqual(['pending.json', 'assets/app-BxYz12_a.js']);
  server.asked.length = 0;
  await target.serve(one, 'current', options);
  expect(puts()[0]).toBe('assets/style.css');
  expect(puts().slice(1, 3).sort()).toEqual(['about/index.html', 'index.html']);
  expect(puts().slice(3)).toEqual(['sw.js', 'state.json']);
});

it('puts only what has changed, in two requests more, and removes what is gone', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`page-${index}/index.html`, 'one']),
  );
  await publish(await release({ ...many, 'old.html': 'old' }));
  server.asked.length = 0;
  const changed = Object.keys(many).slice(0, 10);
  await publish(await release({ ...many, ...Object.fromEntries(changed.map((path) => [path, 'two'])) }));
  expect(
    puts()
      .filter((path) => !path.endsWith('.json'))
      .sort(),
  ).toEqual(changed.sort());
  expect(server.count('PUT')).toBe(12);
  expect(await server.keys('sites/ann/site/current/')).not.toContain('old.html');
  expect(await textAt(`sites/ann/site/current/${changed[3]}`)).toBe('two');
  server.asked.length = 0;
  await publish(await release({ ...many, ...Object.fromEntries(changed.map((path) => [path, 'two'])) }));
  expect(server.count('PUT')).toBe(0);
});

it('keeps files for open pages for some time, and puts them no second time when they come back', async () => {
  const second = { 'index.html': 'second', 'assets/app-CxYz12_b.js': 'second' };
  await publish(await release(FIRST));
  await publish(await release(second));
  const tree = 'sites/ann/site/current/';
  expect(await server.keys(tree)).toEqual(['assets/app-BxYz12_a.js', 'assets/app-CxYz12_b.js', 'index.html']);
  server.asked.length = 0;
  await publish(await release(FIRST));
  expect(puts()).not.toContain('assets/app-BxYz12_a.js');
  await publish(await release(second));
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 86_400_000);
  await publish(await release(second));
  expect(await server.keys(tree)).toEqual(['assets/app-CxYz12_b.js', 'index.html']);
});

describe('after an upload that was cut short', () => {
  it('puts again what it may have put, also if that is what was there before', async () => {
    const [first, second] = [await release(FIRST), await release({ ...FIRST, 'index.html': 'second' })];
    await publish(first);
    server.before = (asked) => {
      // Dies between the page and the state.
      if (asked.startsWith('PUT') && asked.includes('state.json')) throw new Error('gone');
    };
    const end = new AbortController();
    server.before = (asked) => {
      if (asked.startsWith('PUT') && asked.includes('state.json')) end.abort();
    };
    options.signal = end.signal;
    await expect(publish(second)).rejects.toThrow();
    server.before = () => {};
    options.signal = new AbortController().signal;
    await publish(first);
    expect(await textAt('sites/ann/site/current/index.html')).toBe(FIRST['index.html']);
  });

  it('leaves nothing behind that the next one does not know', async () => {
    const target = openS3Target(row(), {});
    const never = await release({ 'a-BxYz12_a.js': 'never served', 'index.html': 'x' });
    await target.upload(never, { place: 'current', ...options });
    await publish(await release({ 'index.html': 'y' }));
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 86_400_000);
    await publish(await release({ 'index.html': 'y' }));
    expect(await server.keys('sites/ann/site/current/')).toEqual(['index.html']);
  });
});

it('finds out what a tree has when the state is lost, and makes it whole', async () => {
  await publish(await release(FIRST));
  const bucket = openBucket(row(), {});
  await bucket.remove('state/ann/site/current/state.json');
  await bucket.put('sites/ann/site/current/index.html', Buffer.from('forged'), {});
  await publish(await release({ 'index.html': 'second' }));
  expect(await textAt('sites/ann/site/current/index.html')).toBe('second');
  expect(await server.keys('sites/ann/site/current/')).toEqual(['assets/app-BxYz12_a.js', 'index.html']);
});

it('notices another machine that serves the same project, and leaves nothing that the next upload would take for its own', async () => {
  const [first, other] = [await release({ 'index.html': 'mine' }), await release({ 'index.html': 'other' })];
  let isOther = false;
  server.before = async (asked) => {
    if (isOther || !asked.startsWith('PUT') || !asked.includes('sites/ann/site/current/index.html')) return;
    isOther = true;
    await publish(other);
  };
  await publish(first);
  expect(said).toEqual([expect.stringContaining('another machine has uploaded to it at the same time')]);
  server.before = () => {};
  await openBucket(row(), {}).put('sites/ann/site/current/index.html', Buffer.from('other'), {});
  await publish(first);
  expect(await textAt('sites/ann/site/current/index.html')).toBe('mine');
});

it('keeps the places of a project, projects and users apart, and withdraws one place', async () => {
  await publish(await release({ 'index.html': 'main', 'branches/pr-1/current/index.html': 'a file' }));
  await publish(await release({ 'index.html': 'preview' }), 'branches/pr-1/current');
  await publish(await release({ 'index.html': 'other' }, { user: 'artifacts', project: 'current' }));
  expect(await textAt('sites/ann/site/current/branches/pr-1/current/index.html')).toBe('a file');
  const { user, project } = await release({});
  await openS3Target(row(), {}).withdraw({ user, project }, 'branches/pr-1/current', options);
  expect(await server.keys('sites/')).toEqual([
    'ann/site/current/branches/pr-1/current/index.html',
    'ann/site/current/index.html',
    'artifacts/current/current/index.html',
  ]);
  expect(await server.keys('state/ann/')).toEqual(['site/current/state.json']);
});

it('survives connections that are dropped, also within files that are sent in parts', async () => {
  const [large, drops] = [randomBytes(20 << 20), ['index.html', 'partNumber=2', 'state.json']];
  server.breaks = (asked) => {
    const at = drops.findIndex((one) => asked.startsWith('PUT') && asked.includes(one));
    if (at !== -1) drops.splice(at, 1);
    return at !== -1;
  };
  await publish(await release({ 'index.html': 'page', 'film.mp4': large }));
  expect(drops).toEqual([]);
  const film = await openBucket(row(), {}).get('sites/ann/site/current/film.mp4');
  expect(large.equals(film ?? Buffer.alloc(0))).toBe(true);
});

describe('a bucket is asked for by its host, unless the row says otherwise', () => {
  const byHost = () => ({ endpoint: `http://${DOMAIN}:${server.port}`, path_style: false });
  beforeEach(() => {
    const lookup = dns.lookup as unknown as (host: string, ...rest: unknown[]) => void;
    vi.spyOn(dns, 'lookup').mockImplementation(((host: string, ...rest: unknown[]) =>
      lookup(host.endsWith(DOMAIN) ? '127.0.0.1' : host, ...rest)) as never);
  });

  it('and signs what it asks for there', async () => {
    await publish(await release(FIRST), 'current', byHost());
    expect(new Set(server.asked.map((one) => one.split(' ')[1]))).toEqual(new Set([`${BUCKET}.${DOMAIN}`]));
    expect(await textAt('sites/ann/site/current/index.html')).toBe(FIRST['index.html']);
  });

  it('which the store refuses with another key', async () => {
    const wrong = { ...byHost(), secret_access_key: 'wrong' };
    await expect(publish(await release(FIRST), 'current', wrong)).rejects.toThrow('not the right one');
    expect(await server.keys('')).toEqual([]);
  });
});

describe('what goes wrong is said in words that a user may read', () => {
  it.each([
    [{ secret_access_key: 'wrong' }, 'the secret key is not the right one'],
    [{ access_key_id: 'unknown' }, 'it does not know the key'],
    [{ bucket: 'other' }, 'the bucket does not exist'],
  ])('%o', async (more, words) => {
    const failing = publish(await release(FIRST), 'current', more);
    const error = await failing.catch((caught) => caught);
    expect(error).toMatchObject({ kind: 'conflict', message: expect.stringContaining(words) });
    expect(error.message).toMatch(/^target cdn could not /);
    expect(error.message).not.toMatch(/S3RVER|wrong|unknown\b/);
  });

  it('a file that was damaged on this machine is not put', async () => {
    const one = await release({ 'index.html': 'right', 'film.mp4': randomBytes(3 << 20) });
    for (const entry of one.entries) await writeFile(one.contentOf(entry), 'wrong');
    await expect(publish(one)).rejects.toThrow('is damaged on this machine');
    expect(await server.keys('sites/')).toEqual([]);
  });

  it('without a key, nothing is looked for elsewhere', () => {
    const { access_key_id: _, secret_access_key: __, ...bare } = row();
    expect(() => openS3Target(bare, {})).toThrow('target cdn has no access_key_id and secret_access_key');
  });
});
