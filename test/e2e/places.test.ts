// How many builds run at once on a machine: those that are being saved count.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersIn } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { type DockerCommand, dockerCommand } from '../support/docker-command.js';
import { Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
let koalaci: Koalaci;
let token: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
});
afterAll(() => koalaci.close());

/** Writes down when it runs a build and when it saves one. The first one is not saved while no other one is run, for a while. */
const TELLING = `
if [[ $1 == run && $* == *koalaci.attempt=?* ]]; then echo run >>"$OWN/journal"; fi
if [[ $1 == commit ]]; then
  for ((n = 0; n < 30; n++)); do
    if [[ -e $OWN/once || $(grep -c run "$OWN/journal") -gt 1 ]]; then break; fi
    sleep 0.1
  done
  : >"$OWN/once"
  docker "$@"
  echo saved >>"$OWN/journal"
  exit
fi
exec docker "$@"`;

/** Saves nothing until there is a file `go` in its directory. */
const SAVES_LATE = `
if [[ $1 == commit ]]; then : >"$OWN/asked"; until [[ -e $OWN/go ]]; do sleep 0.05; done; fi
exec docker "$@"`;

/** Starts a service that builds one job at a time, with a docker command of its own. */
const serveWith = (own: DockerCommand) =>
  Daemon.start(koalaci, ['serve', '--concurrency', '1'], { KOALACI_DOCKER: own.path });

async function create(service: Daemon, id: string, repo: string): Promise<void> {
  const job = { project_id: project(id), deployment_id: id, project_repo_url: repo };
  const body = payloadOf({ ...job, project_dist_directory: 'public' });
  expect((await service.ask('POST', '/job/create', { token, body })).status).toBe(200);
}

const isReady = async (service: Daemon, id: string) =>
  (await service.ask('GET', `/job/${id}/status`, { token })).body.data === 'READY';

it(
  'a build of another project begins when the one before is saved, if there is one place',
  async () => {
    const own = await dockerCommand(TELLING);
    const service = await serveWith(own);
    const repo = await repoOf('static');
    const ids = ['one', 'two', 'three'];
    await Promise.all(ids.map((id) => create(service, id, repo)));
    for (const id of ids) await until(() => isReady(service, id));
    expect(await service.stop()).toBe(0);
    const journal = await readFile(join(own.directory, 'journal'), 'utf8');
    expect(journal.trim().split('\n')).toEqual(['run', 'saved', 'run', 'saved', 'run', 'saved']);
    for (const id of ids) expect(Object.keys(await snapshotsOf(project(id)))).not.toEqual([]);
  },
  2 * MINUTE,
);

it(
  'a daemon that stops leaves nobody who still saves, nor what was to be saved',
  async () => {
    const own = await dockerCommand(SAVES_LATE);
    const service = await serveWith(own);
    await create(service, 'stopped', await repoOf('static'));
    await until(() => isReady(service, 'stopped'));
    await until(() => readFile(join(own.directory, 'asked')).catch(() => undefined));
    expect(await service.stop()).toBe(0);
    await writeFile(join(own.directory, 'go'), '');
    expect(await containersIn(project('stopped'))).toEqual([]);
    expect(await snapshotsOf(project('stopped'))).toEqual({});
  },
  2 * MINUTE,
);
