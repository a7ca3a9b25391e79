// The default branch, whose snapshot a branch without one of its own starts from.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { git, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** A repository with these branches, whose HEAD is the first one; and what builds one of them, and returns where it started. */
async function repoWith(name: string, branches: string[]) {
  const id = project(name);
  const repo = await repoOf('static', KEEPS_MARK);
  for (const branch of branches) await git(repo, 'branch', '--force', branch).catch(() => {});
  const head = (branch: string) => git(repo, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`);
  await head(branches[0] ?? 'main');
  const build = async (branch: string, more: string[] = []) => {
    const job = { id: name, project: id, branch, command: MARK(branch) };
    const { stdout, stderr, exitCode } = await koalaci.build(repo, job, more);
    expect(exitCode, stdout + stderr).toBe(0);
    await saved(id);
    return stdout;
  };
  return { build, head };
}

it(
  'is the one that the repository’s HEAD names, and changes with it; never the one that was built first',
  async () => {
    const { build, head } = await repoWith('head', ['main', 'a', 'b', 'c', 'd', 'trunk']);
    expect(await build('a')).toBe('');
    expect(await build('b')).toBe('');
    expect(await build('main')).toBe('');
    expect(await build('c')).toBe('main');
    expect(await build('trunk')).toBe('main');
    await head('trunk');
    // It was not known yet when this one started.
    expect(await build('c')).toBe('c');
    expect(await build('d')).toBe('trunk');
  },
  3 * MINUTES,
);

it(
  'is without a snapshot when HEAD names a branch that was never built',
  async () => {
    const { build, head } = await repoWith('unbuilt', ['main', 'a', 'b', 'next']);
    expect(await build('main')).toBe('');
    expect(await build('a')).toBe('main');
    await head('next');
    expect(await build('a')).toBe('a');
    expect(await build('b')).toBe('');
  },
  2 * MINUTES,
);

it(
  'is the one that the job names, whatever HEAD says, and only that branch writes its snapshot',
  async () => {
    const { build } = await repoWith('named', ['main', 'trunk', 'a', 'b', 'c']);
    const named = ['--default-branch', 'trunk'];
    expect(await build('main')).toBe('');
    expect(await build('trunk', ['--no-cache'])).toBe('');
    expect(await build('a', named)).toBe('trunk');
    expect(await build('b', named)).toBe('trunk');
    expect(await build('c')).toBe('main');
    expect(await build('trunk', named)).toBe('trunk');
  },
  2 * MINUTES,
);
