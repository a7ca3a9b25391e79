// Whose a snapshot is: of one repository, and of one installation.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { containersIn } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { gate, openGateIn } from '../support/gate.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** The entries of `koalaci cache ls` of a project. */
async function entriesOf(of: Koalaci, id: string): Promise<{ repository: string; branch: string }[]> {
  const { stdout } = await of.run(['cache', 'ls', '--json']);
  return JSON.parse(stdout).filter((entry: { project: string }) => entry.project === id);
}

/** A repository with the same history at another place. */
async function forkOf(repo: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-fork-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await cp(repo, directory, { recursive: true });
  return directory;
}

it(
  'a fork under the same project, with the same branch, has a snapshot of its own',
  async () => {
    const id = project('fork');
    const repo = await repoOf('static', KEEPS_MARK);
    const fork = await forkOf(repo);
    const build = async (from: string, mark: string) => {
      const { stdout, stderr, exitCode } = await koalaci.build(from, {
        ...{ id: 'fork', project: id, command: MARK(mark) },
      });
      expect(exitCode, stdout + stderr).toBe(0);
      await saved(id);
      return stdout;
    };
    expect(await build(repo, 'origin')).toBe('');
    expect(await build(fork, 'fork')).toBe('');
    expect(await build(`${repo}/`, 'origin again')).toBe('origin');
    expect(await build(fork, 'fork again')).toBe('fork');

    const repositories = (await entriesOf(koalaci, id)).map(({ repository }) => repository);
    expect(repositories.sort()).toEqual([repo, fork].sort());
    expect((await koalaci.run(['cache', 'rm', id])).stderr).toContain('removed 2 snapshots');
    expect(await snapshotsOf(id)).toEqual({});
  },
  2 * MINUTES,
);

it(
  'two installations on one engine neither see nor remove each other’s snapshots and containers',
  async () => {
    const id = project('two');
    // A user of their own, as pruning removes all that a user has.
    await using one = await Koalaci.open({ user: 'owners' });
    await using other = await Koalaci.open({ user: 'owners' });
    const repo = await repoOf('static', KEEPS_MARK);
    const standby = { KOALACI_STANDBY: '5m' };
    const build = async (by: Koalaci, mark: string, env = {}) => {
      const { stdout, stderr, exitCode } = await by.build(
        repo,
        { id: 'two', project: id, command: MARK(mark) },
        [],
        env,
      );
      expect(exitCode, stdout + stderr).toBe(0);
      return stdout;
    };
    const waits = ({ name }: { name: string }) => name.startsWith('koalaci-standby-');
    const waiting = async () => (await containersIn(id)).filter(waits);

    expect(await build(one, 'one', standby)).toBe('');
    const ours = await until(async () => {
      const all = await containersIn(id);
      return all.length === 2 && all.every(waits) && all;
    });
    onTestFinished(async () => {
      for (const container of ours) await docker('rm', '--force', container.id).catch(() => {});
    });
    // The other one starts from nothing, and leaves the containers that wait for the first one.
    expect(await build(other, 'other')).toBe('');
    await until(async () => (await containersIn(id)).length === 2);
    expect(await waiting()).toEqual(ours);
    expect(await entriesOf(other, id)).toHaveLength(1);
    expect((await other.run(['cache', 'prune', '--size', '1'])).exitCode).toBe(0);
    expect(await entriesOf(other, id)).toEqual([]);
    expect(await entriesOf(one, id)).toHaveLength(1);
    expect(await waiting()).toEqual(ours);
    expect(await build(one, 'one again')).toBe('one');
    await until(async () => (await containersIn(id)).every(waits));
  },
  2 * MINUTES,
);

it(
  'pruning removes what is left of a version that knew no installations',
  async () => {
    await using own = await Koalaci.open({ user: 'old' });
    const labels = ['koalaci.user=old', 'koalaci.attempt=1'].flatMap((label) => ['--label', label]);
    const image = process.env.KOALACI_IMAGE ?? 'koalaci:latest';
    const old = `koalaci-snapshot:${project('old')}`;
    const container = await docker('create', ...labels, image, 'true');
    onTestFinished(() =>
      docker('rm', container).then(
        () => {},
        () => {},
      ),
    );
    await docker('commit', '--change', 'LABEL koalaci.snapshot=1', container, old);
    onTestFinished(() =>
      docker('image', 'rm', old).then(
        () => {},
        () => {},
      ),
    );
    const { exitCode, stderr } = await own.run(['cache', 'prune']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('removed from an earlier version: 1');
    expect(await docker('ps', '--all', '--quiet', '--filter', `id=${container}`)).toBe('');
    expect(await docker('image', 'ls', '--quiet', old)).toBe('');
  },
  MINUTES,
);

it(
  'an installation does not take away what another one’s dead runner has left',
  async () => {
    const id = project('dead');
    await using other = await Koalaci.open();
    const repo = await repoOf('static', KEEPS_MARK);
    const lost = koalaci.start(jobArgs(repo, { id: 'dead', project: id, command: gate() }));
    await until(async () => (await koalaci.run(['logs', 'dead'])).stdout.includes('begun'));
    lost.kill('SIGKILL');
    await lost;
    const [left] = await containersIn(id);
    // It looks for what dead runners have left before it answers.
    expect((await other.run(['cancel', 'none'])).exitCode).toBe(4);
    expect(await containersIn(id)).toEqual([left]);
    await openGateIn(left?.id ?? '');
    expect((await koalaci.run(['cancel', 'dead'])).exitCode).toBe(6);
    await until(async () => (await containersIn(id)).length === 0);
  },
  2 * MINUTES,
);
