// Builds that are served: swapped, and taken back without a repository. test/long has what fails, is stopped or killed.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';

it('builds are served one after the other, and taken back when the repository is gone', async () => {
  await using koalaci = await Koalaci.open();
  const rows = [{ name: 'production', type: 'directory', directory: join(koalaci.home, 'production') }];
  await writeFile(join(koalaci.home, 'targets.json'), JSON.stringify(rows), { mode: 0o600 });
  const served = () => readFile(join(koalaci.home, 'production/ann', PROJECT, 'current/id.txt'), 'utf8');
  const repo = await repoOf('static');
  const build = (id: string) =>
    koalaci.build(repo, { id, command: `echo ${id} >public/id.txt` }, ['--default-branch', 'main']);
  for (const id of ['d1', 'd2']) {
    const { exitCode, stdout, stderr } = await build(id);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('koalaci: production serves it from current');
    expect(await served()).toBe(`${id}\n`);
  }
  await rename(repo, `${repo}.away`);
  expect((await koalaci.run(['release', 'd1'])).exitCode).toBe(0);
  expect(await served()).toBe('d1\n');
  await rename(`${repo}.away`, repo);
  expect((await build('d3')).stdout).toContain('d1 stays, which ann has released');
  expect(await served()).toBe('d1\n');
  const { stdout } = await koalaci.run(['releases', PROJECT]);
  const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(/^production \| current \| d1 \| main \| 20.* \| ann \| served, pinned by ann$/),
    'production | current | d3 | main | held',
  ]);
  expect((await koalaci.run(['release', '--resume', PROJECT])).stdout).toBe('production serves d3');
  expect(await served()).toBe('d3\n');
  const record = JSON.parse((await koalaci.run(['status', 'd3', '--json'])).stdout);
  expect(record).toMatchObject({
    environment: 'production',
    releases: [{ target: 'production', place: 'current', released_by: 'ann' }],
  });
}, 120_000);
