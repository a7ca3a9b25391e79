// Whatever a job has started can be ended, in each step to the last, until its record is final.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { containersIn, containersOf, gone } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { type DockerCommand, dockerCommand } from '../support/docker-command.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

/** An archive that takes for ever, and limits that have room for it. */
const ENDLESS = 'truncate -s 8T public/big';
const ROOM = { KOALACI_DISK_LIMIT: '9t', KOALACI_ARTIFACT_LIMIT: '9t' };

let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Whether the engine has a container, whatever its name is. */
async function isKnown(id: string): Promise<boolean> {
  return docker('container', 'inspect', '--format', '{{.Id}}', id).then(
    () => true,
    () => false,
  );
}

async function recordOf(id: string): Promise<{ status: string; reason?: string; artifact?: object }> {
  return JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
}

/** A build of this project, in which nothing of another one is left. */
async function isUnharmed(id: string): Promise<void> {
  const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id });
  expect(exitCode, stderr).toBe(0);
}

/** Starts a build whose archive does not end, and returns once it is being sent. */
async function archiving(id: string, more: string[] = []) {
  const started = koalaci.start(jobArgs(await repoOf('static'), { id, command: ENDLESS }, more), {
    env: ROOM,
  });
  // While it is renamed, the engine lists it by both names.
  const isSaving = (name: string) => name.startsWith('koalaci-saving-');
  const name = await until(async () => (await containersOf(id)).find(isSaving));
  const container = await docker('container', 'inspect', '--format', '{{.Id}}', name);
  return { started, container };
}

describe('whatever a job started can be ended', () => {
  attack(
    'an archive without an end outlives its time',
    async () => {
      const repo = await repoOf('static');
      const { exitCode, stderr } = await koalaci.build(
        repo,
        { id: 'endless', command: ENDLESS },
        ['--timeout', '5s'],
        ROOM,
      );
      expect(exitCode, stderr).toBe(124);
      expect(stderr).toContain('ERROR timed_out');
      expect(await containersOf('endless')).toEqual([]);
      expect(existsSync(koalaci.artifact('endless'))).toBe(false);
      await isUnharmed('endless-next');
    },
    { short: true },
  );

  attack('an archive without an end outlives a cancel: CANCELED is not written while it runs', async () => {
    const { started, container } = await archiving('cancel-archive');
    const cancel = await koalaci.run(['cancel', 'cancel-archive']);
    expect(cancel.exitCode, cancel.stderr).toBe(0);
    expect(await recordOf('cancel-archive')).toMatchObject({ status: 'CANCELED' });
    expect(await isKnown(container)).toBe(false);
    expect((await started).exitCode).toBe(130);
    await isUnharmed('cancel-archive-next');
  });

  attack('an archive without an end outlives Ctrl-C', async () => {
    const { started, container } = await archiving('interrupt-archive');
    started.kill('SIGINT');
    expect((await started).exitCode).toBe(130);
    expect(await isKnown(container)).toBe(false);
    expect(await containersIn(PROJECT)).toEqual([]);
  });

  attack('a second try outlives the time that the first one has left', async () => {
    const repo = await repoOf('static', { 'package.json': '{ "dependencies": { "next": "1.0.0" } }' });
    const first = await koalaci.build(repo, {
      id: 'try-1',
      command: 'mkdir -p .next/cache; touch .next/cache/x',
    });
    expect(first.exitCode, first.stderr).toBe(0);
    await saved(PROJECT);
    // Either alone has the time that both together have not.
    const again = 'if test -e .next/cache/x; then sleep 15; exit 3; fi; sleep 20';
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'try-2', command: again }, [
      '--timeout',
      '30s',
    ]);
    expect(exitCode, stderr).toBe(124);
    expect(stdout).toContain('building once more from nothing');
    expect(await containersOf('try-2')).toEqual([]);
  });

  attack('a build ignores every signal', async () => {
    const command = `trap '' TERM INT HUP; setsid bash -c 'trap "" TERM; sleep 600' & while :; do sleep 1; done`;
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'deaf', command }, [
      '--timeout',
      '3s',
    ]);
    expect(exitCode, stderr).toBe(124);
    expect(await containersOf('deaf')).toEqual([]);
  });

  attack(
    'the engine says of a container that runs that it knows none: it is not taken for gone',
    async () => {
      // The stop and the removal fail as for a container that has another name; the engine's list tells the truth.
      const own = await dockerCommand(`case $1 in
      stop|rm) echo "Error: No such container: x" >&2; exit 1 ;;
      *) exec docker "$@" ;; esac`);
      const { exitCode, stderr } = await koalaci.build(
        await repoOf('static'),
        { id: 'not-gone', command: 'sleep 20' },
        ['--timeout', '2s'],
        { KOALACI_DOCKER: own.path },
      );
      expect(stderr).toContain('its container could not be removed');
      expect(exitCode).not.toBe(0);
      expect(await recordOf('not-gone')).toMatchObject({ status: 'ERROR', reason: 'internal' });
      const [left] = await containersOf('not-gone');
      if (left) await docker('rm', '--force', left);
    },
  );

  attack('a container that the engine is still creating outlives Ctrl-C', async () => {
    const own = await slowRun();
    const job = { id: 'creating', command: 'sleep 600' };
    const started = koalaci.start(jobArgs(await repoOf('static'), job), {
      env: { KOALACI_DOCKER: own.path },
    });
    await until(() => existsSync(join(own.directory, 'asked')));
    started.kill('SIGINT');
    expect((await started).exitCode).toBe(130);
    expect(await containersOf('creating')).toEqual([]);
  });

  attack('what cleans up after a build hangs: it is ended, and leaves no snapshot', async () => {
    const site = project('hangs');
    // Stands for anything that may make it hang: the container is frozen once it has said all.
    const own = await dockerCommand(
      `if [ "$1" = wait ]; then docker pause "$2" >/dev/null || true; fi; exec docker "$@"`,
    );
    const { exitCode, stderr } = await koalaci.build(
      await repoOf('static', { 'big.txt': 'x\n' }),
      { id: 'hang', project: site, command: 'mkdir x; cd x; seq 20000 | xargs touch' },
      [],
      { KOALACI_DOCKER: own.path, KOALACI_POST_BUILD_TIMEOUT: '2s' },
    );
    expect(exitCode, stderr).toBe(0);
    await gone('hang');
    expect(await snapshotsOf(site)).toEqual({});
    const log = await readFile(join(koalaci.home, 'post-build.log'), 'utf8');
    expect(log).toContain('failed to clean up after its build (it took too long): no snapshot is saved');
  });

  attack('a READY build that is canceled a moment too late stays READY, with its artifact', async () => {
    const { exitCode } = await koalaci.build(await repoOf('static'), { id: 'late' });
    expect(exitCode).toBe(0);
    expect((await koalaci.run(['cancel', 'late'])).exitCode).toBe(6);
    expect(await recordOf('late')).toMatchObject({ status: 'READY', artifact: expect.anything() });
    expect(existsSync(koalaci.artifact('late'))).toBe(true);
  });
});

/** A docker command whose `run` reaches the engine some seconds late, as on one that is busy. */
function slowRun(): Promise<DockerCommand> {
  return dockerCommand(`if [ "$1" = run ]; then : >"$OWN/asked"; sleep 5; fi; exec docker "$@"`);
}
