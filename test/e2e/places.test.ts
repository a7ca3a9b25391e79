// How many builds run at once on a machine: those that are being saved count.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersIn } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { type DockerCommand, dockerCommand } from '../support/docker-command.js';
import { Jobs } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
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

/** A service that builds one job at a time, with a docker command of its own. */
const serveWith = async (own: DockerCommand) =>
  Jobs.at(
    koalaci,
    await Daemon.start(koalaci, ['serve', '--concurrency', '1'], { KOALACI_DOCKER: own.path }),
  );

it(
  'a build of another project begins when the one before is saved, if there is one place',
  async () => {
    const own = await dockerCommand(TELLING);
    const jobs = await serveWith(own);
    const repo = await repoOf('static');
    const ids = ['one', 'two', 'three'];
    await Promise.all(ids.map((id) => jobs.create(repo, id, '', project(id))));
    for (const id of ids) expect(await jobs.end(id)).toMatchObject({ status: 'READY' });
    expect(await jobs.server.stop()).toBe(0);
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
    const jobs = await serveWith(own);
    await jobs.create(await repoOf('static'), 'stopped', '', project('stopped'));
    expect(await jobs.end('stopped')).toMatchObject({ status: 'READY' });
    await until(() => readFile(join(own.directory, 'asked')).catch(() => undefined));
    expect(await jobs.server.stop()).toBe(0);
    await writeFile(join(own.directory, 'go'), '');
    expect(await containersIn(project('stopped'))).toEqual([]);
    expect(await snapshotsOf(project('stopped'))).toEqual({});
  },
  2 * MINUTE,
);
