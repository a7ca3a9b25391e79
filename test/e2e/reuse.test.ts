// Reuse: a job whose inputs are those of a READY build gets that one's artifact. test/long has the jobs that do not.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proofPaths } from '../../src/artifact/paths.js';
import { filesIn } from '../support/artifact.js';
import { Daemon } from '../support/daemon.js';
import { dockerCommand } from '../support/docker-command.js';
import { Jobs } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { REUSE_ON, reuseLane } from '../support/reuse-lane.js';
import { isThere } from '../support/shipped.js';
import { forgetTrees } from '../support/trees.js';
import { until } from '../support/until.js';

const MINUTES = 120_000;

let koalaci: Koalaci;
beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(async () => {
  await forgetTrees(koalaci);
  await koalaci.close();
});

it(
  'gives a job with the inputs of a READY build its artifact, a record and a manifest of its own, and no container',
  async () => {
    const { id, build, record } = reuseLane(koalaci, 'reused');
    const repo = await repoOf('static');
    expect(await build(repo, 'r1')).toContain('built: no READY build');
    const docker = await dockerCommand(`echo "$*" >>$OWN/calls; exec docker "$@"`);
    const said = await build(repo, 'r2', { env: { KOALACI_DOCKER: docker.path } });
    expect(said).toContain('reused r1: the commit is the same');
    expect(await readFile(join(docker.directory, 'calls'), 'utf8')).not.toContain('entrypoint.sh');
    expect(await filesIn(koalaci.artifact('r2', id))).toEqual(await filesIn(koalaci.artifact('r1', id)));
    expect(await record('r2')).toMatchObject({
      status: 'READY',
      reused_from: 'r1',
      node: (await record('r1')).node,
    });
    const manifest = JSON.parse(
      await readFile(koalaci.artifact('r2', id).replace('.tar.gz', '.json'), 'utf8'),
    );
    expect(manifest).toMatchObject({ deployment_id: 'r2', reused_from: 'r1' });
    expect((await koalaci.run(['artifacts', 'verify', 'r2'])).exitCode).toBe(0);
    await until(() => isThere(proofPaths({ archive: koalaci.artifact('r2', id) }).provenance));
    expect(await koalaci.run(['verify', 'r2'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('  reused   r1, built '),
    });
  },
  MINUTES,
);

it(
  'ends a job of the queue, too, and calls no container for it',
  async () => {
    const repo = await repoOf('static');
    const server = await Daemon.start(koalaci, ['serve'], REUSE_ON);
    const jobs = await Jobs.at(koalaci, server);
    await jobs.create(repo, 'q1', '');
    await jobs.end('q1');
    await jobs.create(repo, 'q2', '');
    await jobs.end('q2');
    expect(await jobs.log('q2')).toContain('reused q1');
    expect(await jobs.whole('q2')).toEqual(await jobs.whole('q1'));
    await server.stop();
  },
  MINUTES,
);
