// koalaci reproduce: an artifact built once more by what was said of it, and compared.
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofPaths } from '../../src/artifact/paths.js';
import { sha256 } from '../support/artifact.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { buildProven } from '../support/proof.js';
import { commit, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';

const SLOW = 90_000;
let koalaci: Koalaci;
let work: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  work = await mkdtemp(join(tmpdir(), 'koala-reproduce-'));
});
afterAll(async () => {
  await koalaci.close();
  await rm(work, { recursive: true });
});

describe('koalaci reproduce', () => {
  const command = 'echo "$GREETING" >public/greeting.txt';

  it(
    'asks for variables, and finds the same files equal; what was shipped stays as it is',
    async () => {
      const repo = await repoOf('static');
      const archive = await buildProven(koalaci, repo, { id: 'r1', command }, ['--env', 'GREETING=hello']);
      await commit(repo, { 'public/later.txt': 'later' });
      const { exitCode, stderr } = await koalaci.run(['reproduce', 'r1']);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('GREETING')]);

      await saved(PROJECT);
      const record = await koalaci.run(['status', 'r1', '--json']);
      const before = [await sha256(archive), (await stat(archive)).mtimeMs, await snapshotsOf(PROJECT)];
      const file = join(work, 'variables');
      await writeFile(file, '# of the site\nGREETING=hello\n');
      const again = await koalaci.run(['reproduce', archive, '--env-file', file]);
      expect(again.stdout, again.stderr).toMatch(/(^|\n)equal\n?$/);
      expect(again.exitCode).toBe(0);
      expect([await sha256(archive), (await stat(archive)).mtimeMs, await snapshotsOf(PROJECT)]).toEqual(
        before,
      );
      expect(await koalaci.run(['status', 'r1', '--json'])).toEqual(record);
      expect((await koalaci.run(['artifacts', 'ls', '--json'])).stdout).not.toContain('reproduce-');
    },
    SLOW,
  );

  it(
    'lists the files that differ, or says that it cannot',
    async () => {
      const archive = await buildProven(koalaci, await repoOf('static'), {
        id: 'r2',
        command: 'date +%N >public/time.txt; touch "public/$(date +%N).txt"',
      });
      const { exitCode, stdout } = await koalaci.run(['reproduce', 'r2']);
      expect(stdout).toMatch(/^not equal\n/);
      expect(stdout).toMatch(/\n {2}time\.txt: .*sha256/);
      expect(stdout).toMatch(/\n {2}\d+\.txt: only in what was built now/);
      expect(stdout).toMatch(/\n {2}\d+\.txt: only in what was shipped/);
      expect(stdout).not.toMatch('index.html');
      expect(exitCode).toBe(1);

      const alone = join(await mkdtemp(join(work, 'alone-')), 'r2.intoto.jsonl');
      await copyFile(proofPaths({ archive }).provenance, alone);
      const unknown = await koalaci.run(['reproduce', alone]);
      expect([unknown.exitCode, unknown.stderr]).toEqual([
        1,
        expect.stringContaining('which files differ is not known'),
      ]);
    },
    SLOW,
  );
});
