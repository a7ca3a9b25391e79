// What a warm build keeps of the last one, and how it is kept small.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, sha256 } from '../support/artifact.js';
import { containersIn } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { gate, openGateIn } from '../support/gate.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { REFLECT } from '../support/reflect.js';
import { commit, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('what a warm build keeps', () => {
  const look = (...paths: string[]) => `ls -d ${paths.join(' ')} 2>/dev/null >public/kept || true`;

  it(
    'is what the table names for the project’s packages, and its own list in package.json',
    async () => {
      const id = project('keep');
      const repo = await repoOf('static', {
        'package.json': JSON.stringify({
          dependencies: { next: '1' },
          koalaci: { cache: ['my-cache', 'sub/*.db', '../outside'] },
        }),
      });
      const made = ['.next/cache/x', '.next/server/x', '.astro/x', 'my-cache/x', 'sub/a.db', 'sub/a.txt'];
      const make = made.map((path) => `mkdir -p $(dirname ${path}); echo 1 >${path}`).join(';');
      const job = { id: 'keep', project: id };
      await koalaci.build(repo, { ...job, command: make });
      await saved(id);
      await commit(repo);
      await koalaci.build(repo, { ...job, command: look(...made) });
      await saved(id);
      const { kept } = await filesIn(koalaci.artifact('keep', id));
      expect(kept?.trim().split('\n')).toEqual(['.next/cache/x', 'my-cache/x', 'sub/a.db']);
    },
    MINUTES,
  );

  it(
    'includes no dist directory, not even of a tool that would go on from it',
    async () => {
      const id = project('gatsby');
      const repo = await repoOf('static', {
        'package.json': JSON.stringify({ dependencies: { gatsby: '5' } }),
        '.gitignore': 'public\n',
      });
      const job = { id: 'gatsby', project: id };
      await koalaci.build(repo, { ...job, command: 'mkdir -p public; echo 1 >public/page' });
      await saved(id);
      await commit(repo);
      const { exitCode, stdout, stderr } = await koalaci.build(repo, {
        ...job,
        command: 'test ! -e public; mkdir public; echo 2 >public/page',
      });
      expect(exitCode, stdout + stderr).toBe(0);
      await saved(id);
    },
    MINUTES,
  );

  it(
    'is of tsc only what does not say that a file was written, which is gone by then',
    async () => {
      const id = project('tsc');
      const info = (pending: number[]) =>
        JSON.stringify({ fileNames: ['./lib.d.ts', './a.ts'], affectedFilesPendingEmit: pending });
      const repo = await repoOf('static', {
        'package.json': JSON.stringify({ devDependencies: { typescript: '5' } }),
      });
      const make = `echo '${info([2])}' >checked.tsbuildinfo; echo '${info([])}' >written.tsbuildinfo`;
      const job = { id: 'tsc', project: id };
      await koalaci.build(repo, { ...job, command: make });
      await saved(id);
      await commit(repo);
      await koalaci.build(repo, { ...job, command: look('*.tsbuildinfo') });
      await saved(id);
      expect((await filesIn(koalaci.artifact('tsc', id))).kept).toBe('checked.tsbuildinfo\n');
    },
    MINUTES,
  );
});

describe('a snapshot of many builds', () => {
  it(
    'is flattened in the background, and what starts from it finds the same',
    async () => {
      const id = project('flat');
      const repo = await repoOf('npm', {
        'tracked-a': 'a',
        'public/index.html': 'x',
        '.gitignore': 'node_modules\ndist\n',
      });
      const env = { KOALACI_SNAPSHOT_LAYERS: '3' };
      const job = { id: 'flat', project: id, manager: 'npm', command: REFLECT, dist: 'dist' };
      const layers = async () => {
        const [tag] = Object.keys(await snapshotsOf(id));
        const format = '{{len .RootFS.Layers}}';
        return Number(await docker('image', 'inspect', '--format', format, `koalaci-snapshot:${tag}`));
      };
      const first = await koalaci.build(repo, job, [], { KOALACI_SNAPSHOT_LAYERS: '100' });
      expect(first.exitCode, first.stdout + first.stderr).toBe(0);
      await saved(id);
      const chained = await layers();
      const second = await commit(repo, { 'tracked-a': 'b' });
      await koalaci.build(repo, job, [], env);
      // Another layer for the second build; flat, it is one over the builder image, as after the first.
      const isFlat = async () => (await commitOf(id)) === second && (await layers()) === chained;
      await until(async () => (await isFlat()) && (await flattening(id)) === '', 60_000);
      await commit(repo, { 'tracked-a': 'c' });
      const warm = await koalaci.build(repo, job);
      expect(warm.stderr).toMatch(/, warm[\s\S]*– install/);
      await saved(id);
      const cold = await koalaci.build(repo, { ...job, project: project('flat-cold') }, ['--no-cache']);
      expect(cold.exitCode).toBe(0);
      expect(await sha256(koalaci.artifact('flat', id))).toBe(
        await sha256(koalaci.artifact('flat', project('flat-cold'))),
      );
    },
    3 * MINUTES,
  );
});

/** The commit of a project's snapshot. */
async function commitOf(id: string): Promise<string> {
  const [tag] = Object.keys(await snapshotsOf(id));
  const label = '{{index .Config.Labels "koalaci.commit"}}';
  // Between two names it has none.
  return docker('image', 'inspect', '--format', label, `koalaci-snapshot:${tag}`).catch(() => '');
}

/** The containers that flatten a snapshot of the same installation. */
async function flattening(id: string): Promise<string> {
  const [tag] = Object.keys(await snapshotsOf(id));
  const label = '{{index .Config.Labels "koalaci.installation"}}';
  const of = await docker('image', 'inspect', '--format', label, `koalaci-snapshot:${tag}`).catch(() => '');
  const filters = ['label=koalaci.flatten', `label=koalaci.installation=${of}`];
  return of
    ? docker('ps', '--all', '--quiet', ...filters.flatMap((filter) => ['--filter', filter]))
    : 'unknown';
}

it(
  'pruning leaves alone what a running build started from, and counts what was used',
  async () => {
    // It removes every snapshot of its user: the other files' build for ann at the same time.
    await using own = await Koalaci.open({ user: 'prune' });
    const id = project('prune');
    const repo = await repoOf('static', KEEPS_MARK);
    const job = { id: 'prune', project: id };
    await own.build(repo, { ...job, command: MARK('kept') });
    await saved(id);
    await commit(repo);
    const running = own.start(jobArgs(repo, { ...job, command: `${gate()}; ${MARK('again')}` }));
    await until(async () => (await own.run(['logs', 'prune'])).stdout.includes('begun'));
    const list = async () =>
      JSON.parse((await own.run(['cache', 'ls', '--json'])).stdout) as {
        project: string;
        hits: number;
      }[];
    expect((await list()).find((entry) => entry.project === id)?.hits).toBe(1);
    expect((await own.run(['cache', 'prune', '--size', '1'])).exitCode).toBe(0);
    const [container] = await containersIn(id);
    await openGateIn(container?.id ?? '');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('kept');
    await saved(id);
    expect((await list()).some((entry) => entry.project === id)).toBe(true);
  },
  MINUTES,
);
