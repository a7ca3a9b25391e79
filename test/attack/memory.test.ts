// What a build makes does not grow the daemon's memory with it; and one that could end a daemon does not end other jobs.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { containersOf } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { gate, openGate } from '../support/gate.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

let koalaci: Koalaci;
let token: string;
beforeAll(async () => {
  koalaci = await Koalaci.open();
  token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
});
afterAll(() => koalaci.close());

/** A daemon with little memory. */
const daemon = (env: Record<string, string> = {}) =>
  Daemon.start(koalaci, ['serve', '--concurrency', '3'], {
    NODE_OPTIONS: '--max-old-space-size=200',
    ...env,
  });

async function create(service: Daemon, id: string, command: string): Promise<void> {
  const body = payloadOf({
    project_id: PROJECT,
    deployment_id: id,
    project_repo_url: await repoOf('static'),
    project_build_command: command,
    project_dist_directory: 'public',
  });
  expect((await service.ask('POST', '/job/create', { token, body })).status).toBe(200);
}

async function recordOf(service: Daemon, id: string): Promise<Record<string, unknown>> {
  return (await service.ask('GET', `/job/${id}`, { token })).body.data as Record<string, unknown>;
}

const ended = (service: Daemon, id: string) =>
  until(async () => {
    const record = await recordOf(service, id);
    return /READY|ERROR|CANCELED/.test(String(record.status)) && record;
  }, 240_000);

const begun = (service: Daemon, id: string) =>
  until(async () =>
    String((await service.ask('GET', `/job/${id}/log`, { token })).body.data).includes('begun'),
  );

const building = (service: Daemon, id: string) =>
  until(async () => (await recordOf(service, id)).status === 'BUILDING', 120_000);

/** Opens the gate of a build, whenever that comes. */
async function openWhenBegun(id: string): Promise<void> {
  await until(
    () =>
      openGate(id).then(
        () => true,
        () => false,
      ),
    240_000,
  );
}

/** 30,000 empty files, each with a path of 10 KB. */
const LONG_NAMES = `cd public; python3 -c 'import os
for at in range(40):
  os.mkdir("x" * 250); os.chdir("x" * 250)
for at in range(30000): open(str(at), "w")'`;

describe('the daemon’s memory', () => {
  attack('30,000 files with paths of 10 KB, beside an innocent job', async () => {
    const service = await daemon();
    await create(service, 'innocent', gate());
    await begun(service, 'innocent');
    await create(service, 'names', LONG_NAMES);
    expect(await ended(service, 'names')).toMatchObject({ status: 'ERROR', reason: 'artifact_limit' });
    await openGate('innocent');
    expect(await ended(service, 'innocent')).toMatchObject({ status: 'READY', attempt: expect.any(String) });
    expect(await service.stop()).toBe(0);
  });

  attack('the same where the operator allows it', async () => {
    const service = await daemon({ KOALACI_ARTIFACT_PATH: '16k' });
    await create(service, 'allowed', LONG_NAMES);
    expect(await ended(service, 'allowed')).toMatchObject({ status: 'READY' });
    expect(await service.stop()).toBe(0);
  });

  attack(
    'a daemon that dies again and again, beside innocent jobs: they are built all the same',
    async () => {
      let service = await daemon();
      for (const id of ['beside-1', 'beside-2']) await create(service, id, gate());
      for (let death = 0; death < 2; death++) {
        for (const id of ['beside-1', 'beside-2']) await building(service, id);
        await service.stop('SIGKILL');
        service = await daemon();
      }
      for (const id of ['beside-1', 'beside-2']) void openWhenBegun(id);
      for (const id of ['beside-1', 'beside-2'])
        expect(await ended(service, id)).toMatchObject({ status: 'READY' });
      expect(await service.stop()).toBe(0);
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
      `for n in 6 7 8 9; do echo "{\\"n\\":$n,\\"event\\":\\"made_up\\"}"; done`,
      /it has the line/,
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
        const { exitCode, stdout, stderr } = await run;
        expect(exitCode, `${stdout}${stderr}`).toBe(1);
        expect(`${stdout}${stderr}`).toMatch(/ERROR internal: something else than koalaci has written/);
        expect(`${stdout}${stderr}`).toMatch(says);
      },
      { short: tried === 'a line that is no event' },
    );
});
