// Somebody sets the clock forward or back by a day. That of Redis is simulated: what expires by it is gone, or stays a day longer.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { dockerCommand } from '../support/docker-command.js';
import { HELD, Jobs, letGo, openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { WHOLE } from './whole.js';

const DAY_MS = 86_400_000;
const MINUTE = 60_000;
const CLOCK = join(import.meta.dirname, 'clock.js');

async function service(more: Record<string, string> = {}) {
  const koalaci = await Koalaci.open();
  const file = join(koalaci.home, 'clock');
  const env = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_FILE: file, ...more };
  const jobs = await Jobs.at(koalaci, await Daemon.start(koalaci, ['serve', '--concurrency', '2'], env));
  return { koalaci, jobs, setClock: (ms: number) => writeFile(file, String(ms)) };
}

it.each([
  ['forward', DAY_MS],
  ['back', -DAY_MS],
])(
  'a build goes on when the clock is set %s',
  async (_, ms) => {
    // Its limits are looked at every second.
    const { koalaci, jobs, setClock } = await service({ KOALACI_SILENCE: '20s', KOALACI_TIMEOUT: '120s' });
    const repo = await openRepo();
    await jobs.create(repo, 'goes-on', `${HELD}; sleep 3`);
    await jobs.until('goes-on', ({ step }) => step === 'build');
    await setClock(ms);
    await letGo(repo);
    expect(await jobs.end('goes-on')).toMatchObject({ status: 'READY' });
    await jobs.whole('goes-on');
    expect(await jobs.server.stop()).toBe(0);
    await koalaci.close();
  },
  2 * MINUTE,
);

it(
  'a build that is silent is still noticed when the clock was set back',
  async () => {
    const { koalaci, jobs, setClock } = await service({ KOALACI_SILENCE: '4s' });
    await jobs.create(await openRepo(), 'silent', HELD);
    await jobs.until('silent', ({ step }) => step === 'build');
    await setClock(-DAY_MS);
    expect(await jobs.end('silent')).toMatchObject({ status: 'ERROR', reason: 'silent' });
    expect(await jobs.server.stop()).toBe(0);
    await koalaci.close();
  },
  2 * MINUTE,
);

it.runIf(WHOLE)(
  'a job that was put off before the clock was set back is tried again soon',
  async () => {
    const own = await dockerCommand(
      `if [[ -e $OWN/away ]]; then : >"$OWN/asked"; echo 'Cannot connect to the Docker daemon' >&2; exit 1; fi
      exec docker "$@"`,
    );
    const { koalaci, jobs, setClock } = await service({ KOALACI_DOCKER: own.path });
    await writeFile(join(own.directory, 'away'), '');
    await jobs.create(await openRepo(), 'put-off', '');
    await jobs.until('put-off', ({ waits_for }) => waits_for !== undefined);
    expect(existsSync(join(own.directory, 'asked'))).toBe(true);
    await setClock(-DAY_MS);
    await rm(join(own.directory, 'away'));
    expect(await jobs.end('put-off', 2 * MINUTE)).toMatchObject({ status: 'READY' });
    expect(await jobs.server.stop()).toBe(0);
    await koalaci.close();
  },
  4 * MINUTE,
);
