// What a build still does after READY takes no place from others, and no more of the machine than a build may.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { builderWith, fileOfBuilder } from '../support/builder-image.js';
import { containersIn } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { Jobs } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { attack } from './attack.js';

/** The most that the clean-up of one build may keep a place, and then the next build. */
const PATIENT = 90_000;

/** A builder whose clean-up reads a pipe: of a build that makes one, it never ends. */
async function builderThatHangs(): Promise<string> {
  const path = '/koala/steps/settle.sh';
  const text = await fileOfBuilder(path);
  const hangs = text.replace(
    'settle::all() {',
    'settle::all() { if [[ -p /tmp/pipe ]]; then cat /tmp/pipe; fi',
  );
  expect(hangs).not.toBe(text);
  return builderWith({ [path]: hangs });
}

/** What the engine did with the containers of a project since then, such as `start` and `die`, in its own order. */
async function eventsOf(id: string, since: number): Promise<{ at: bigint; action: string }[]> {
  const during = [
    '--since',
    String(Math.floor(since / 1000)),
    '--until',
    String(Math.ceil(Date.now() / 1000)),
  ];
  const filters = ['--filter', `label=koalaci.project=${id}`, '--filter', 'type=container'];
  const lines = await docker('events', ...during, ...filters, '--format', '{{.TimeNano}} {{.Action}}');
  return lines
    .split('\n')
    .map((line) => line.split(' '))
    .map(([at = '0', action = '']) => ({ at: BigInt(at), action }));
}

describe('work after READY', () => {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  /** A service with one place, and a build that is READY and cleans up for ever. */
  async function hanging(id: string) {
    const env = { KOALACI_IMAGE: await builderThatHangs() };
    const service = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], env);
    const jobs = await Jobs.at(koalaci, service);
    const repo = await repoOf('static');
    const build = async (deployment: string, command = '') => {
      await jobs.create(repo, deployment, command, project(deployment));
      expect(await jobs.end(deployment, PATIENT)).toMatchObject({ status: 'READY' });
    };
    await build(id, 'mkfifo /tmp/pipe');
    return { service, build };
  }

  attack('a build cleans up for ever, so that others wait, or that more run than may', async () => {
    const since = Date.now();
    const { service, build } = await hanging('hangs');
    await build('waits');
    const ends = (await eventsOf(project('hangs'), since)).filter(({ action }) => action === 'die');
    const begins = (await eventsOf(project('waits'), since)).filter(({ action }) => action === 'start');
    expect([ends.length, begins.length]).toEqual([1, 1]);
    expect(ends[0]?.at).toBeLessThan(begins[0]?.at ?? 0n);
    expect(await containersIn(project('hangs'))).toEqual([]);
    expect(await service.stop()).toBe(0);
  });

  attack(
    'a build cleans up for ever, to run on when its daemon has stopped',
    async () => {
      const { service } = await hanging('stays');
      expect(await service.stop()).toBe(0);
      expect(await containersIn(project('stays'))).toEqual([]);
    },
    { short: true },
  );
});
