// What koalaci says when the engine does not do what it is asked.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { dockerCommand } from '../support/docker-command.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Passes everything on to the real docker, but stops and removes nothing. */
const UNWILLING = `case $1 in stop | rm) : >"$OWN/asked"; echo 'Error response from daemon: driver failed' >&2; exit 1 ;; esac
exec docker "$@"`;

it(
  'never says CANCELED of a build whose container is still there',
  async () => {
    const own = await dockerCommand(UNWILLING);
    const env = { KOALACI_DOCKER: own.path };
    const job = { id: 'unwilling', command: 'echo begun; sleep 120' };
    const started = koalaci.start(jobArgs(await repoOf('static'), job), { env });
    try {
      await until(async () => (await koalaci.run(['logs', 'unwilling'])).stdout.includes('begun'));
      started.kill('SIGINT');
      await until(() => existsSync(join(own.directory, 'asked')));
      // `docker run` ends only with its container, which koalaci cannot stop.
      const [container = ''] = await containersOf('unwilling');
      await docker('kill', container);
      // Looked at while its runner lives: what a dead one leaves is removed by any koalaci here, another test's too.
      expect(await containersOf('unwilling')).toEqual([container]);
      const { exitCode, stderr } = await started;
      expect(String(stderr)).toContain('the build was canceled, but its container could not be removed');
      expect(exitCode).toBe(1);
      const record = JSON.parse((await koalaci.run(['status', 'unwilling', '--json'])).stdout);
      expect(record).toMatchObject({ status: 'ERROR', reason: 'internal' });
    } finally {
      for (const name of await containersOf('unwilling')) await docker('rm', '--force', name);
    }
  },
  2 * MINUTE,
);
