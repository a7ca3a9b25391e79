// Snapshots that machines share through a registry. The other machine is this one, once it has forgotten what it had.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { Registry } from '../support/registry.js';
import { commit, git, repoOf } from '../support/repo.js';
import { forget, saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
let koalaci: Koalaci;
let registry: Registry;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  registry = await Registry.start();
});
afterAll(async () => {
  await registry.stop();
  await koalaci.close();
});

const REPOSITORY = '/v2/boxes/koalaci-snapshot';

/** What is under each of the tags, so far. */
async function manifests(): Promise<string[]> {
  const { tags } = await registry.ask(`${REPOSITORY}/tags/list`);
  const found = (tags ?? []).map((tag) => registry.ask(`${REPOSITORY}/manifests/${tag}`));
  return (await Promise.all(found)).map((manifest) => JSON.stringify(manifest));
}

it(
  'a machine that never saw a project builds it warm; without the registry it builds all the same',
  async () => {
    const id = project('shared');
    const env = { KOALACI_SNAPSHOT_REGISTRY: `${registry.address}/boxes` };
    const repo = await repoOf('static', KEEPS_MARK);
    const build = async (branch = 'main') => {
      const job = { id: 'shared', project: id, branch, command: MARK('$(git log -1 --format=%H)') };
      const { stdout, stderr, exitCode } = await koalaci.build(repo, job, [], env);
      expect(exitCode, stdout + stderr).toBe(0);
      await saved(id);
      return stdout;
    };

    const first = (await git(repo, 'rev-parse', 'HEAD')).stdout;
    expect(await build()).toBe('');
    // The whole builder image is compressed and pushed once, a gigabyte.
    await until(async () => (await manifests()).length === 2, 5 * MINUTES);
    await forget(id);

    const before = await manifests();
    const second = await commit(repo);
    expect(await build()).toBe(first);
    await until(async () => (await manifests()).every((now) => !before.includes(now)), MINUTES);
    await forget(id);

    await git(repo, 'checkout', '--quiet', '-b', 'feature');
    await commit(repo);
    expect(await build('feature')).toBe(second);

    await registry.down();
    await commit(repo);
    expect(await build('feature')).not.toBe('');
    await forget(id);
    await commit(repo);
    expect(await build('feature')).toBe('');
    await registry.up();
  },
  8 * MINUTES,
);
