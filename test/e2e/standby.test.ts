// Standby containers: one waits for the next build of a branch.
import { cp, rename, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersIn } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { gate, openGateIn } from '../support/gate.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('a standby container', () => {
  const standby = { KOALACI_STANDBY: '5m' };
  /** A branch has two: one for the next build, and one for a build that comes while that is being saved. */
  const waiting = async (id: string) => {
    const all = await containersIn(id);
    return all.length === 2 && all.every(({ name }) => name.startsWith('koalaci-standby-')) ? all : undefined;
  };
  const removeStandbys = async (id: string) => {
    for (const container of await containersIn(id)) await docker('rm', '--force', container.id);
  };

  it(
    'takes the next build of its branch, and is followed by another',
    async () => {
      const id = project('standby');
      const repo = await repoOf('static');
      const job = { id: 'standby', project: id, command: 'true' };
      await koalaci.build(repo, job, [], standby);
      const first = (await until(() => waiting(id))).map((container) => container.id);
      await commit(repo, { more: 'more' });
      const building = koalaci.start(jobArgs(repo, { ...job, command: gate() }), { env: standby });
      await until(async () => (await koalaci.run(['logs', 'standby'])).stdout.includes('begun'));
      // It builds in one that waited: the container is the same, and is not called as one that waits any more.
      const all = await containersIn(id);
      expect(all.map((container) => container.id).sort()).toEqual(first.toSorted());
      const used = all.filter(({ name }) => !name.startsWith('koalaci-standby-'));
      expect(used).toHaveLength(1);
      await openGateIn(used[0]?.id ?? '');
      expect((await building).exitCode).toBe(0);
      await until(async () => (await waiting(id))?.every((container) => !first.includes(container.id)));
      await commit(repo, { more: 'even more' });
      const third = { ...job, id: 'canceled', command: 'sleep 600' };
      const canceled = koalaci.start(jobArgs(repo, third), { env: standby });
      await until(async () =>
        (await koalaci.run(['status', 'canceled', '--json'])).stdout.includes('"step":"build"'),
      );
      expect((await koalaci.run(['cancel', 'canceled'])).exitCode).toBe(0);
      expect((await canceled).exitCode).toBe(130);
      expect(await containersIn(id)).toHaveLength(1);
      await removeStandbys(id);
    },
    2 * MINUTES,
  );

  it(
    'is not taken for another limit, and goes with its snapshot',
    async () => {
      const id = project('unfit');
      const repo = await repoOf('static');
      const job = {
        id: 'unfit',
        project: id,
        command:
          'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null || true',
      };
      await koalaci.build(repo, job, [], standby);
      await until(() => waiting(id));
      await commit(repo);
      const { stdout } = await koalaci.build(repo, job, [], { ...standby, KOALACI_MEMORY: '1g' });
      expect(stdout).toContain('1073741824');
      await until(() => waiting(id));
      expect((await koalaci.run(['cache', 'rm', id])).exitCode).toBe(0);
      expect(await containersIn(id)).toEqual([]);
    },
    2 * MINUTES,
  );

  it(
    'is not taken for a local repository that was put in place of the one that it has mounted',
    async () => {
      const id = project('replaced');
      const repo = await repoOf('static');
      const job = { id: 'replaced', project: id, command: 'true' };
      await koalaci.build(repo, job, [], standby);
      await until(() => waiting(id));
      await rename(repo, `${repo}.old`);
      await cp(`${repo}.old`, repo, { recursive: true });
      await rm(`${repo}.old`, { recursive: true });
      await commit(repo);
      const { exitCode, stdout, stderr } = await koalaci.build(repo, job, [], standby);
      expect(exitCode, stdout + stderr).toBe(0);
      await until(() => waiting(id));
      await removeStandbys(id);
    },
    2 * MINUTES,
  );

  it(
    'that is gone in the moment in which it is needed is done without',
    async () => {
      const id = project('gone');
      const repo = await repoOf('static');
      const job = { id: 'gone', project: id, command: 'true' };
      await koalaci.build(repo, job, [], standby);
      await until(() => waiting(id));
      await removeStandbys(id);
      await commit(repo);
      const { exitCode, stderr } = await koalaci.build(repo, job, [], standby);
      expect(exitCode).toBe(0);
      expect(stderr).toContain(', warm');
      await until(() => waiting(id));
      await removeStandbys(id);
    },
    2 * MINUTES,
  );

  it(
    'is done without, as is its snapshot, once the secret has changed from which the uids of builds derive',
    async () => {
      const id = project('secret');
      const repo = await repoOf('static');
      const job = { id: 'secret', project: id, command: 'echo "uid $(id -u)"' };
      const before = await koalaci.build(repo, job, [], standby);
      await until(() => waiting(id));
      await commit(repo);
      const env = { ...standby, JWT_SECRET: 'a-secret-that-nobody-had-before-today' };
      const { stdout: token } = await koalaci.run(['token', '--user', 'ann'], { env });
      const build = (more = {}) => koalaci.build(repo, job, ['--token', token], { ...env, ...more });
      const after = await build();
      expect(after.exitCode, after.stdout + after.stderr).toBe(0);
      expect(after.stdout).toMatch(/^uid \d+$/m);
      expect(after.stdout).not.toContain(before.stdout.trim());
      expect(after.stdout + after.stderr).toContain('this one starts from nothing');
      await until(() => waiting(id));
      await commit(repo);
      const next = await build({ KOALACI_STANDBY: 'off' });
      expect(next.stderr).toContain(', warm');
      expect(next.stdout).toContain(/^uid \d+$/m.exec(after.stdout)?.[0]);
      await saved(id);
    },
    3 * MINUTES,
  );
});
