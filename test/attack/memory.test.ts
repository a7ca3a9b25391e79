// What a build makes does not grow the daemon's memory with it; and one that could end a daemon does not end other jobs.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { containersOf } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { gate, openGate } from '../support/gate.js';
import { Jobs } from '../support/jobs.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

/** The longest that a job of these cases takes. */
const LONG = 240_000;

let koalaci: Koalaci;
beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** A daemon with little memory. */
const daemon = (env: Record<string, string> = {}) =>
  Daemon.start(koalaci, ['serve', '--concurrency', '3'], {
    NODE_OPTIONS: '--max-old-space-size=200',
    ...env,
  });

const begun = (jobs: Jobs, id: string) => until(async () => (await jobs.log(id)).includes('begun'));

/** Opens the gate of a build, whenever that comes. */
async function openWhenBegun(id: string): Promise<void> {
  await until(
    () =>
      openGate(id).then(
        () => true,
        () => false,
      ),
    LONG,
  );
}

/** 30,000 empty files, each with a path of 10 KB. */
const LONG_NAMES = `cd public; python3 -c 'import os
for at in range(40):
  os.mkdir("x" * 250); os.chdir("x" * 250)
for at in range(30000): open(str(at), "w")'`;

describe('the daemon’s memory', () => {
  attack('30,000 files with paths of 10 KB, beside an innocent job', async () => {
    const jobs = await Jobs.at(koalaci, await daemon());
    const repo = await repoOf('static');
    await jobs.create(repo, 'innocent', gate());
    await begun(jobs, 'innocent');
    await jobs.create(repo, 'names', LONG_NAMES);
    expect(await jobs.end('names', LONG)).toMatchObject({ status: 'ERROR', reason: 'artifact_limit' });
    await openGate('innocent');
    expect(await jobs.end('innocent', LONG)).toMatchObject({ status: 'READY' });
    expect(await jobs.server.stop()).toBe(0);
  });

  attack('the same where the operator allows it', async () => {
    const jobs = await Jobs.at(koalaci, await daemon({ KOALACI_ARTIFACT_PATH: '16k' }));
    await jobs.create(await repoOf('static'), 'allowed', LONG_NAMES);
    expect(await jobs.end('allowed', LONG)).toMatchObject({ status: 'READY' });
    expect(await jobs.server.stop()).toBe(0);
  });

  attack(
    'a daemon that dies again and again, beside innocent jobs: they are built all the same',
    async () => {
      const jobs = await Jobs.at(koalaci, await daemon());
      const repo = await repoOf('static');
      const ids = ['beside-1', 'beside-2'];
      for (const id of ids) await jobs.create(repo, id, gate());
      for (let death = 0; death < 2; death++) {
        for (const id of ids) await jobs.until(id, ({ status }) => status === 'BUILDING', LONG);
        await jobs.server.stop('SIGKILL');
        jobs.server = await daemon();
      }
      for (const id of ids) void openWhenBegun(id);
      for (const id of ids) expect(await jobs.end(id, LONG)).toMatchObject({ status: 'READY' });
      expect(await jobs.server.stop()).toBe(0);
    },
    { ms: 8 * 60_000 },
  );

  attack(
    'thousands of entries that are left out',
    async () => {
      const command = `cd public; python3 -c 'import os
for at in range(20000): os.symlink("/etc/passwd", "l" * 200 + str(at))'`;
      const { exitCode, stdout } = await koalaci.build(await repoOf('static'), { id: 'left-out', command });
      expect(exitCode).toBe(0);
      expect(stdout.match(/left out of the artifact/g)).toHaveLength(21);
      expect(stdout).toContain('left out of the artifact: 19980 more');
    },
    { short: true },
  );
});

/** Writes into the control channel as no build can: as root, from outside. */
async function forge(id: string, shell: string): Promise<void> {
  await until(async () => (await containersOf(id)).length === 1);
  const [container = ''] = await containersOf(id);
  await docker('exec', container, 'bash', '-c', `{ ${shell}; } >/proc/1/fd/2`).catch(() => {});
}

describe('the control channel, if a build could write into it', () => {
  const cases: [string, string, RegExp][] = [
    ['a line that is no event', 'echo hello', /it has the line "hello"/],
    ['an event in its own name', `echo '{"n":99,"event":"finished"}'`, /the event 99 came in place of \d/],
    [
      'the next event',
      `echo '{"n":8,"event":"step_started","step":"artifact"}'`,
      /the event 8 came in place of 9/,
    ],
    ['a line without an end', 'head -c 3000000 /dev/zero | tr "\\0" x', /a line without an end/],
    ['lines without an end', 'yes docker: no | head -c 12000000', /too many bytes/],
  ];
  for (const [tried, shell, says] of cases)
    attack(
      tried,
      async () => {
        const id = `forged-${cases.findIndex((row) => row[0] === tried)}`;
        const run = koalaci.start(jobArgs(await repoOf('static'), { id, command: gate() }));
        await until(async () => (await koalaci.run(['logs', id])).stdout.includes('begun'));
        await forge(id, shell);
        // What is forged as the next event is seen when the real one comes.
        await openGate(id).catch(() => {});
        const { exitCode, stdout, stderr } = await run;
        expect(exitCode, `${stdout}${stderr}`).toBe(1);
        expect(`${stdout}${stderr}`).toMatch(/ERROR internal: something else than koalaci has written/);
        expect(`${stdout}${stderr}`).toMatch(says);
      },
      { short: tried === 'a line that is no event' },
    );
});
