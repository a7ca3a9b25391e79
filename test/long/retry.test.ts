// A build that fails or goes silent on what the last build left: tried once more from nothing, where that may help.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersIn } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { type Ended, jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
const NOTICE =
  /koalaci: the build (failed|went silent) on what the last build left \((.*)\); building once more from nothing/;
/** With a package whose cache is kept; a build leaves a rotten one. */
const PACKAGE = { 'package.json': '{ "dependencies": { "next": "1.0.0" } }' };
const ROTS = 'mkdir -p .next/cache && touch .next/cache/rotten';
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const status = async (id: string) => JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);

/** A project whose snapshot has a rotten cache. Builds it with other commands. */
async function rotten(name: string) {
  const id = project(name);
  const repo = await repoOf('static', PACKAGE);
  const build = async (command: string, more: string[] = [], env: Record<string, string> = {}) => {
    const ended = await koalaci.build(repo, { id: name, project: id, command }, more, env);
    await saved(id);
    return ended;
  };
  expect((await build(ROTS)).exitCode).toBe(0);
  return { id, repo, build };
}

const words = ({ stdout, stderr }: Ended) => stdout + stderr;

describe('a build on a rotten cache', () => {
  it(
    'that fails is built once more from nothing, and its snapshot replaces the old one',
    async () => {
      const { repo, build } = await rotten('rotten');
      await commit(repo, { more: 'more' });
      const fails = 'echo tried; test ! -e .next/cache/rotten || exit 3';
      const ended = await build(fails);
      expect(ended.exitCode, words(ended)).toBe(0);
      expect(NOTICE.exec(ended.stdout)?.slice(1)).toEqual(['failed', 'exit code 3']);
      expect(ended.stdout.match(/^tried$/gm)).toHaveLength(2);
      expect(ended.stderr).toMatch(/✖ build .*builds it once more, from nothing\n.*✔ source .*✔ build /s);

      const record = await status('rotten');
      expect(record).toMatchObject({ status: 'READY' });
      expect(record).not.toHaveProperty('reason');
      const steps = record.steps.map(({ step }: { step: string }) => step);
      expect(steps).toEqual(['source', 'toolchain', 'install', 'build', 'artifact']);
      const log = (await koalaci.run(['logs', 'rotten', '--raw'])).stdout;
      expect(log.match(/^tried$/gm)).toHaveLength(2);
      expect(log).toMatch(NOTICE);

      await commit(repo, { more: 'even more' });
      const next = await build(fails);
      expect(next.stderr).toContain(', warm');
      expect(next.stdout.match(/^tried$/gm), words(next)).toHaveLength(1);
    },
    2 * MINUTES,
  );

  it(
    'that goes silent is, too',
    async () => {
      const { build } = await rotten('quiet');
      const silence = { KOALACI_SILENCE: '15s' };
      const ended = await build('test ! -e .next/cache/rotten || sleep 600', [], silence);
      expect(ended.exitCode, words(ended)).toBe(0);
      expect(NOTICE.exec(ended.stdout)?.slice(1)).toEqual(['went silent', 'no line of output for 15 s']);
    },
    2 * MINUTES,
  );

  it(
    'can be canceled in its second try, and leaves nothing of either',
    async () => {
      const { id, repo } = await rotten('stopped');
      const command = 'test ! -e .next/cache/rotten || exit 3; echo begun; sleep 600';
      const building = koalaci.start(jobArgs(repo, { id: 'stopped', project: id, command }));
      await until(async () => (await koalaci.run(['logs', 'stopped'])).stdout.includes('begun'), MINUTES);
      expect(await containersIn(id)).toHaveLength(1);
      expect((await koalaci.run(['cancel', 'stopped'])).exitCode).toBe(0);
      const { exitCode, stdout } = await building;
      expect(exitCode).toBe(130);
      expect(stdout).toMatch(NOTICE);
      expect(await status('stopped')).toMatchObject({ status: 'CANCELED', step: 'build' });
      expect(await containersIn(id)).toEqual([]);
    },
    2 * MINUTES,
  );
});

it(
  'a runner that stops in a second try gives the job back, and leaves nothing of either try',
  async () => {
    const { id, repo } = await rotten('requeued');
    const command = 'test ! -e .next/cache/rotten || exit 3; echo begun; test -e open || sleep 600';
    const job = jobArgs(repo, { id: 'requeued', project: id, command }, ['--detach']);
    const env = { KOALACI_ALLOW_LOCAL_SOURCES: '1' };
    expect((await koalaci.run(job, { env })).exitCode).toBe(0);
    const log = async () => (await koalaci.run(['logs', 'requeued', '--raw'])).stdout;
    const first = await Daemon.start(koalaci, ['worker', '--concurrency', '1']);
    await until(async () => (await log()).includes('begun'), MINUTES);
    await first.stop();
    expect(await status('requeued')).toMatchObject({ status: 'QUEUED' });
    expect(await containersIn(id)).toEqual([]);
    await commit(repo, { open: '' });
    const second = await Daemon.start(koalaci, ['worker', '--concurrency', '1']);
    await until(async () => (await status('requeued')).status === 'READY', MINUTES);
    await second.stop();
    expect((await log()).match(new RegExp(NOTICE, 'g'))).toHaveLength(2);
    await saved(id);
  },
  3 * MINUTES,
);

describe('a build is not tried once more', () => {
  it(
    'where its tool names an error in a file of the project',
    async () => {
      const { repo, build } = await rotten('source-error');
      await commit(repo, { 'build.js': 'const x = ;\n' });
      const ended = await build('node build.js');
      expect(ended.exitCode).toBe(1);
      expect(ended.stdout.match(/SyntaxError/g), words(ended)).toHaveLength(1);
      expect(ended.stdout).not.toMatch(NOTICE);
    },
    2 * MINUTES,
  );

  it(
    'when it was cold',
    async () => {
      const { build } = await rotten('cold');
      const ended = await build('exit 3', ['--no-cache']);
      expect(ended.exitCode).toBe(1);
      expect(words(ended)).toContain('exit code 3');
      expect(ended.stdout).not.toMatch(NOTICE);
    },
    2 * MINUTES,
  );

  it(
    'but once in a row of failures',
    async () => {
      const { build } = await rotten('row');
      const twice = await build('echo tried; exit 3');
      expect(twice.exitCode).toBe(1);
      expect(twice.stdout.match(/^tried$/gm), words(twice)).toHaveLength(2);
      expect(await status('row')).toMatchObject({ reason: 'build_failed', step: 'build', exit_code: 3 });
      const once = await build('echo tried; exit 3');
      expect(once.exitCode).toBe(1);
      expect(once.stdout.match(/^tried$/gm), words(once)).toHaveLength(1);
      expect(once.stdout).toMatch(/koalaci: not built once more from nothing.*--no-cache/);
      expect((await build('true')).exitCode).toBe(0);
      const anew = await build('echo tried; exit 3');
      expect(anew.stdout.match(/^tried$/gm), words(anew)).toHaveLength(2);
    },
    3 * MINUTES,
  );
});
