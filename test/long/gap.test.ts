// Builds that begin while the branch's previous build is still being saved.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { containersIn } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { dockerCommand } from '../support/docker-command.js';
import { gate, openGateIn } from '../support/gate.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
const STANDBY = { KOALACI_STANDBY: '5m' };
/** A project whose install runs for each other file `input`, so that its builds are not brief. */
const INSTALLS = {
  'package.json': JSON.stringify({
    ...JSON.parse(KEEPS_MARK['package.json']),
    scripts: { postinstall: 'cat input' },
  }),
  input: '0\n',
};
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** The job of a test, whose containers are removed in any case. */
function jobOf(name: string, mark: string) {
  const id = project(name);
  onTestFinished(async () => {
    const left = (await containersIn(id)).map((container) => container.id);
    if (left.length > 0) await docker('rm', '--force', ...left).catch(() => {});
  });
  return { id: `${name}-${mark}`, project: id, command: MARK(mark) };
}

/** A docker command that saves no snapshot until there is a file `go` in its directory. */
const commitsLate = () =>
  dockerCommand(`
    if [[ $1 == commit ]]; then touch $OWN/asked; until [[ -e $OWN/go ]]; do sleep 0.05; done; fi
    exec docker "$@"`);

/** Waits until a build has come to its gate. */
const begun = (id: string) => until(async () => (await koalaci.run(['logs', id])).stdout.includes('begun'));

const isRested = async (id: string) => {
  const all = await containersIn(id);
  return all.length === 2 && all.every(({ name }) => name.startsWith('koalaci-standby-'));
};

it(
  'a build right after READY starts from that build, if that one has installed',
  async () => {
    const repo = await repoOf('static', INSTALLS);
    const marks: string[] = [];
    for (const mark of ['1', '2', '3']) {
      await commit(repo, { input: `${mark}\n` });
      const job = { ...jobOf('gap', mark), manager: 'npm' };
      const { stdout, stderr, exitCode } = await koalaci.build(repo, job, [], STANDBY);
      expect(exitCode, stdout + stderr).toBe(0);
      marks.push(
        stdout
          .split(/up to date.*/)
          .at(-1)
          ?.trim() ?? '',
      );
    }
    expect(marks).toEqual(['', '1', '2']);
    await until(() => isRested(project('gap')));
  },
  2 * MINUTES,
);

it(
  'a build right after a brief one does not wait for it, starts from the one before, and says so',
  async () => {
    const repo = await repoOf('static', KEEPS_MARK);
    const build = (mark: string, env = {}) =>
      koalaci.build(repo, jobOf('brief', mark), [], { ...STANDBY, ...env });
    await build('first');
    await until(() => isRested(project('brief')));
    await commit(repo);
    const late = await commitsLate();
    expect((await build('second', { KOALACI_DOCKER: late.path })).stdout).toBe('first');
    await commit(repo);
    const { exitCode, stdout } = await build('third');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/still being saved; this one starts from the one before\nfirst$/);
    await writeFile(join(late.directory, 'go'), '');
    await until(() => isRested(project('brief')));
    await commit(repo);
    expect((await build('last')).stdout).toBe('third');
    await until(() => isRested(project('brief')));
  },
  2 * MINUTES,
);

it(
  'two builds at once right after READY both start from it, and neither fails',
  async () => {
    const repo = await repoOf('static', KEEPS_MARK);
    const build = (mark: string) => koalaci.build(repo, jobOf('both', mark), [], STANDBY);
    await build('first');
    await commit(repo);
    const jobs = ['a', 'b'].map((mark) => jobOf('both', mark));
    const building = jobs.map(({ command, ...job }) =>
      koalaci.start(jobArgs(repo, { ...job, command: `${command}; ${gate()}` }), { env: STANDBY }),
    );
    for (const { id } of jobs) await begun(id);
    for (const { id, name } of await containersIn(project('both'))) {
      if (!/^koalaci-(standby|saving)-/.test(name)) await openGateIn(id);
    }
    const both = await Promise.all(building);
    const said = both.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(
      both.map(({ exitCode }) => exitCode),
      said,
    ).toEqual([0, 0]);
    // If `first` was still being saved, a notice comes before.
    const marks = both.map(({ stdout }) => stdout.split('\n').at(-1));
    expect(marks).toEqual(['firstbegun', 'firstbegun']);
    await until(() => isRested(project('both')));
    // Nothing of theirs went wrong in the background either.
    await commit(repo);
    expect(['a', 'b']).toContain((await build('last')).stdout);
    await until(() => isRested(project('both')));
  },
  2 * MINUTES,
);

it(
  'a build that ended before another one, and is saved after it, does not replace its snapshot',
  async () => {
    const repo = await repoOf('static', INSTALLS);
    const older = { ...jobOf('order', 'older'), manager: 'npm' };
    const newer = jobOf('order', 'newer');
    const later = { ...newer, command: `${gate()}; ${newer.command}` };
    const building = koalaci.start(jobArgs(repo, later));
    await begun(newer.id);
    const [container] = await containersIn(newer.project);
    const late = await commitsLate();
    expect((await koalaci.build(repo, older, [], { KOALACI_DOCKER: late.path })).exitCode).toBe(0);
    await until(() => existsSync(join(late.directory, 'asked')));
    await openGateIn(container?.id ?? '');
    expect((await building).exitCode).toBe(0);
    await until(async () => (await containersIn(newer.project)).length === 1);
    await writeFile(join(late.directory, 'go'), '');
    await saved(newer.project);
    await commit(repo);
    expect((await koalaci.build(repo, jobOf('order', 'last'))).stdout).toBe('newer');
    await saved(newer.project);
  },
  2 * MINUTES,
);

it.each([
  ['is not saved if the newer one becomes READY', 'true', 'newer'],
  ['is saved if the newer one fails', 'false', 'older'],
])(
  'a brief build that ends while a newer one runs %s',
  async (_, end, kept) => {
    const name = `overtaken-${end}`;
    const repo = await repoOf('static', KEEPS_MARK);
    const newer = jobOf(name, 'newer');
    const command = `${gate()}; ${newer.command}; ${end}`;
    const building = koalaci.start(jobArgs(repo, { ...newer, command }));
    await begun(newer.id);
    const [container] = await containersIn(newer.project);
    expect((await koalaci.build(repo, jobOf(name, 'older'))).exitCode).toBe(0);
    await openGateIn(container?.id ?? '');
    await building;
    await saved(newer.project);
    await commit(repo);
    expect((await koalaci.build(repo, jobOf(name, 'last'))).stdout).toBe(kept);
    await saved(newer.project);
  },
  2 * MINUTES,
);

it(
  'a build goes on without one that nobody saves any more, and says so',
  async () => {
    const repo = await repoOf('static', KEEPS_MARK);
    const job = (mark: string) => jobOf('died', mark);
    await koalaci.build(repo, job('first'));
    await saved(project('died'));
    await commit(repo);
    const dies = await dockerCommand(
      'if [[ $1 == wait ]]; then kill -KILL $PPID; exit 1; fi; exec docker "$@"',
    );
    await koalaci.build(repo, job('lost'), [], { KOALACI_DOCKER: dies.path });
    await until(async () =>
      (await containersIn(project('died'))).some(({ name }) => name.includes('-saving-')),
    );
    await commit(repo);
    // For it, everything stopped two minutes ago: too long to be saved still, too short to be taken away.
    const longAgo = await dockerCommand(`
      if [[ $1 != container ]]; then exec docker "$@"; fi
      docker "$@" | sed -E "s/\\"20[0-9-]+T[^\\"]+\\"/\\"$(date -u -d '2 minutes ago' +%FT%TZ)\\"/"`);
    const { exitCode, stdout } = await koalaci.build(repo, job('next'), [], { KOALACI_DOCKER: longAgo.path });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/still being saved; this one starts from the one before\nfirst/);
    await until(async () => (await containersIn(project('died'))).length === 1);
  },
  2 * MINUTES,
);
