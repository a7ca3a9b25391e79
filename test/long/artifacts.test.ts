// Artifacts as a user and a panel have them: built, listed, fetched, verified, removed, and pruned by the daemon.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../support/artifact.js';
import { Daemon } from '../support/daemon.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 90_000;
let koalaci: Koalaci;
let work: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  work = await mkdtemp(join(tmpdir(), 'koala-artifacts-'));
});
afterAll(async () => {
  await koalaci.close();
  await rm(work, { recursive: true });
});

const artifacts = (...args: string[]) => koalaci.run(['artifacts', ...args]);
const listed = async (...args: string[]) =>
  (JSON.parse((await artifacts('ls', ...args, '--json')).stdout) as { deployment: string }[]).map(
    ({ deployment }) => deployment,
  );

describe('an artifact without an archive', () => {
  const OFF = { KOALACI_ARTIFACT_ARCHIVE: 'off' };
  it(
    'has what an archive would have, of which only what has changed was stored',
    async () => {
      await using own = await Koalaci.open();
      const repo = await repoOf('static', { 'public/deep/page.html': '<p>as it was</p>' });
      const build = async (id: string, env: Record<string, string>) => {
        const command = `echo ${id} >public/id.txt; ln -s deep/page.html public/page; ln public/id.txt public/same`;
        const { exitCode, stderr } = await own.build(repo, { id, command }, [], env);
        expect(exitCode, stderr).toBe(0);
      };
      const read = async (id: string) =>
        JSON.parse(await readFile(own.artifact(id).replace('.tar.gz', '.json'), 'utf8'));
      const objects = async () =>
        (await readdir(join(own.home, 'objects', 'ann'), { recursive: true })).filter((path) =>
          /^[0-9a-f]{2}.[0-9a-f]{62}-/.test(path),
        ).length;
      await build('first', OFF);
      const before = await objects();
      await build('second', OFF);
      expect(await objects()).toBe(before + 1);
      const second = await read('second');
      expect(second).not.toHaveProperty('sha256');
      const file = join(work, 'second.tar.gz');
      expect((await own.run(['artifacts', 'get', 'second', '-o', file])).exitCode).toBe(0);
      // The same deployment, so that the same files are built, with its archive.
      await build('second', {});
      const again = await read('second');
      expect([again.digest, again.entries]).toEqual([second.digest, second.entries]);
      expect(await sha256(file)).toBe(again.sha256);
    },
    SLOW,
  );
});

describe('koalaci artifacts', () => {
  it(
    'lists them, the newest first, of all projects or of one',
    async () => {
      const repo = await repoOf('static');
      for (const id of ['d1', 'd2', 'd3']) {
        const { exitCode, stderr } = await koalaci.build(repo, { id, command: `echo ${id} >public/id.txt` });
        expect(exitCode, stderr).toBe(0);
      }
      expect(await listed()).toEqual(['d3', 'd2', 'd1']);
      expect(await listed('other')).toEqual([]);
      const { stdout } = await artifacts('ls', PROJECT);
      expect(stdout.split('\n')[1]).toMatch(new RegExp(`^d3 +${PROJECT} +main +20.* here$`));
    },
    SLOW,
  );

  it('hands on the very archive, to a file or to standard output', async () => {
    const file = join(work, 'copy.tar.gz');
    expect((await artifacts('get', 'd1', '-o', file)).exitCode).toBe(0);
    expect(await sha256(file)).toBe(await sha256(koalaci.artifact('d1')));
    expect((await artifacts('get', 'd1', '-o', work)).exitCode).toBe(0);
    expect(await sha256(join(work, 'd1.tar.gz'))).toBe(await sha256(file));
    const piped = koalaci.start(['artifacts', 'get', 'd1', '-o', '-']);
    expect((await piped).exitCode).toBe(0);
    expect(await artifacts('get', 'nope', '-o', '-')).toMatchObject({ exitCode: 4, stdout: '' });
    const unwritable = await artifacts('get', 'd1', '-o', join(work, 'nowhere', 'x.tar.gz'));
    expect(unwritable).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('cannot be written') });
  });

  it('says what differs from what was shipped', async () => {
    const archive = koalaci.artifact('d2');
    expect(await artifacts('verify', 'd2')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^d2 is as it was shipped/),
    });
    const before = await readFile(archive);
    const tar = gunzipSync(before);
    tar.write('d9', tar.indexOf('d2\n'));
    await writeFile(archive, gzipSync(tar));
    const { exitCode, stdout } = await artifacts('verify', 'd2');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^sha256: \w+ in the archive, (\w+) in the manifest, \1 in the record$/m);
    expect(stdout).toMatch(/^id\.txt: sha256: \w+ in the archive, \w+ in the manifest$/m);
    const json = JSON.parse((await artifacts('verify', 'd2', '--json')).stdout);
    expect(json).toMatchObject({ deployment: 'd2', same: false });
    expect(await artifacts('get', 'd2', '-o', '-')).toMatchObject({ exitCode: 6, stdout: '' });
    await writeFile(archive, before.subarray(0, 100));
    expect((await artifacts('verify', 'd2')).stdout).toContain('cannot be unpacked');
    await writeFile(archive, before);
    expect((await artifacts('verify', 'd2')).exitCode).toBe(0);
  });
});

it(
  'a daemon hands them on, and removes those that are too many',
  async () => {
    const service = await Daemon.start(koalaci, ['serve', '--concurrency', '0'], {
      KOALACI_ARTIFACTS_PROJECT_COUNT: '1',
    });
    const token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${service.url}/job/d3/artifact`, { headers });
    const fetched = join(work, 'fetched.tar.gz');
    await writeFile(fetched, Buffer.from(await response.arrayBuffer()));
    expect(await sha256(fetched)).toBe(await sha256(koalaci.artifact('d3')));
    await until(async () => (await listed()).length === 1, SLOW);
    expect(await listed()).toEqual(['d3']);
    const { text } = await service.ask('GET', '/metrics');
    expect(text).toMatch(/^koalaci_artifacts_removed_total\{rule="project_count"\} 2$/m);
    expect(text).toMatch(/^koalaci_artifacts_removed_bytes_total [1-9]\d+$/m);
    const gone = await service.ask('GET', '/job/d1/artifact', { token });
    expect([gone.status, gone.body.error?.message]).toEqual([
      404,
      expect.stringMatching(/was removed at .*Z: its project has more than 1 artifact$/),
    ]);
    expect((await koalaci.run(['status', 'd1'])).stdout).toContain('removed at');
    await service.stop();
  },
  2 * SLOW,
);

it('one that its user removes is gone, with what they keep of it', async () => {
  expect((await artifacts('rm', 'd3')).exitCode).toBe(0);
  expect(await listed()).toEqual([]);
  expect(await artifacts('rm', 'd3')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('was removed'),
  });
  expect((await artifacts('rm', 'nope')).stderr).toContain('there is no deployment nope');
});
