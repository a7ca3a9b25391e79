// What koalaci says when the engine does not do what it is asked.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf, gone } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { dockerCommand } from '../support/docker-command.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
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

/** Passes everything on to the real docker, but starts no container that it has created. */
const FULL = `if [[ $1 == run ]]; then
  flags=()
  for flag in "\${@:2}"; do [[ $flag == --sig-proxy=* ]] || flags+=("$flag"); done
  docker create "\${flags[@]}" >/dev/null || exit
  echo 'docker: Error response from daemon: write /var/x: no space left on device.' >&2
  exit 125
fi
exec docker "$@"`;

it(
  'leaves the record, the log and the artifact of a READY build when it cannot run a container for the next one',
  async () => {
    const repo = await repoOf('static');
    const job = { id: 'full', command: 'echo the first one' };
    const first = await koalaci.build(repo, job);
    expect(first.exitCode, first.stderr).toBe(0);
    const status = async () => JSON.parse((await koalaci.run(['status', 'full', '--json'])).stdout);
    const before = await status();
    const own = await dockerCommand(FULL);
    const again = await koalaci.build(repo, job, [], { KOALACI_DOCKER: own.path });
    expect(again.stderr).toMatch(/the disk of the Docker engine is full\n.*docker system df/);
    expect(again.exitCode).toBe(5);
    expect(before.status).toBe('READY');
    expect(await status()).toEqual(before);
    expect((await koalaci.run(['logs', 'full'])).stdout).toContain('the first one');
    expect(existsSync(koalaci.artifact('full'))).toBe(true);
    await gone('full');
  },
  MINUTE,
);

/** Passes everything on to the real docker. While there is a file `hangs`, it creates containers, and never starts one. */
const HANGING = `if [[ $1 == run && -e $OWN/hangs ]]; then
  flags=()
  for flag in "\${@:2}"; do [[ $flag == --sig-proxy=* ]] || flags+=("$flag"); done
  docker create "\${flags[@]}" >/dev/null
  exec sleep 3600
fi
exec docker "$@"`;

it(
  'puts a job off whose container the engine does not start, and builds it when it does again',
  async () => {
    const own = await dockerCommand(HANGING);
    const hangs = join(own.directory, 'hangs');
    await writeFile(hangs, '');
    const env = { KOALACI_DOCKER: own.path, KOALACI_ENGINE_TIMEOUT: '10s' };
    const service = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], env);
    const token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
    const job = { deployment_id: 'hung', project_id: PROJECT, project_repo_url: await repoOf('static') };
    const body = payloadOf({ ...job, project_dist_directory: 'public' });
    expect((await service.ask('POST', '/job/create', { token, body })).status).toBe(200);
    const record = async () => JSON.parse((await koalaci.run(['status', 'hung', '--json'])).stdout);
    await until(async () => (await containersOf('hung')).length === 1);
    await until(async () => (await record()).waits_for);
    expect(await record()).toMatchObject({ status: 'QUEUED' });
    expect(await containersOf('hung')).toEqual([]);
    await rm(hangs);
    await until(async () => (await record()).status === 'READY');
    expect(await service.stop()).toBe(0);
  },
  2 * MINUTE,
);
