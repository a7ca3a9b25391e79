// Strangers choose ids so that what is theirs takes the place, or is taken for, what is another's.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { attack } from './attack.js';

/** Escaped, more than a directory's name may have; the whole of it is the victim's. */
const VICTIM = `x${' '.repeat(100)}`;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Builds as a user. Returns the path of the artifact, as the record has it. */
async function buildAs(user: string, id: string, text: string): Promise<string> {
  const token = (await koalaci.run(['token', '--user', user])).stdout;
  const repo = await repoOf('static', { 'public/whose.txt': text });
  const built = await koalaci.run([...jobArgs(repo, { id }), '--token', token]);
  expect(built.exitCode, built.stderr).toBe(0);
  const { stdout } = await koalaci.run(['status', id, '--json', '--token', token]);
  return JSON.parse(stdout).artifact.path;
}

describe('ids', () => {
  attack('a user is called as the directory of another one', async () => {
    const victims = await buildAs(VICTIM, 'same', 'the victim’s');
    const directory = victims.slice(join(koalaci.home, 'artifacts/').length).split('/')[0] ?? '';
    const other = await buildAs(decodeURIComponent(directory), 'same', 'the stranger’s');
    expect(other).not.toBe(victims);
    expect((await filesIn(victims))['whose.txt']).toBe(Buffer.from('the victim’s').toString('latin1'));
  });

  attack('a user is called as a path that leads elsewhere', async () => {
    const before = await readdir(koalaci.home);
    for (const user of ['../..', '..']) {
      const path = await buildAs(user, 'leads', 'x');
      expect(path).toMatch(new RegExp(`^${koalaci.home}/artifacts/%2E[^/]*/${PROJECT}/leads\\.tar\\.gz$`));
    }
    expect((await readdir(koalaci.home)).sort()).toEqual(
      [...new Set([...before, 'artifacts', 'post-build.log'])].sort(),
    );
  });

  attack(
    'a branch has half of a character, which all become the same',
    async () => {
      const { exitCode, stderr } = await koalaci.run(['run', '-'], {
        input: JSON.stringify(payloadOf({ project_id: PROJECT, project_branch: '\ud800' })),
      });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('project_branch: must be valid Unicode');
    },
    { short: true },
  );

  attack('two ids are the same letters, cut elsewhere', async () => {
    const tokenOf = async (user: string) => (await koalaci.run(['token', '--user', user])).stdout;
    await buildAs('a:b', 'c', 'x');
    await buildAs('a', 'c', 'x');
    for (const user of ['a', 'a:b:c', 'a%3Ab', 'a%3Ab:c']) {
      const { exitCode } = await koalaci.run(['status', 'b', '--token', await tokenOf(user)]);
      expect(exitCode).toBe(4);
    }
    for (const id of ['b:c', 'b%3Ac', '../a%3Ab/c', '*', 'c\n']) {
      const { exitCode } = await koalaci.run(['status', id, '--token', await tokenOf('a')]);
      expect(exitCode).toBe(4);
    }
  });
});
