// What koalaci says when the engine does not do what it is asked.
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf, docker } from '../support/docker.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** A docker command that passes everything on to the real one, but stops and removes nothing. */
async function unwillingDocker(): Promise<string> {
  const file = join(koalaci.home, 'docker');
  await writeFile(
    file,
    `#!/bin/sh\ncase $1 in stop | rm) : >"$0.asked"; echo 'Error response from daemon: driver failed' >&2; exit 1 ;; esac\nexec docker "$@"\n`,
  );
  await chmod(file, 0o755);
  return file;
}

it(
  'never says CANCELED of a build whose container is still there',
  async () => {
    const env = { KOALACI_DOCKER: await unwillingDocker() };
    const job = { id: 'unwilling', command: 'echo begun; sleep 120' };
    const started = koalaci.start(jobArgs(await repoOf('static'), job), { env });
    try {
      await until(async () => (await koalaci.run(['logs', 'unwilling'])).stdout.includes('begun'));
      started.kill('SIGINT');
      await until(() => existsSync(`${env.KOALACI_DOCKER}.asked`));
      // `docker run` ends only with its container, which koalaci cannot stop.
      const [container = ''] = await containersOf('unwilling');
      await docker('kill', container);
      const { exitCode, stderr } = await started;
      expect(String(stderr)).toContain('the build was canceled, but its container could not be removed');
      expect(exitCode).toBe(1);
      expect(await containersOf('unwilling')).toEqual([container]);
      const record = JSON.parse((await koalaci.run(['status', 'unwilling', '--json'])).stdout);
      expect(record).toMatchObject({ status: 'ERROR', reason: 'internal' });
    } finally {
      for (const name of await containersOf('unwilling')) await docker('rm', '--force', name);
    }
  },
  2 * MINUTE,
);
