// Builds on engines that are not as usual: one that maps root to nobody (userns-remap), and that is also asked over ssh.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { BUILDER } from '../support/builder-image.js';
import { EngineBox } from '../support/engine-box.js';
import { type EngineOverSsh, engineOverSsh } from '../support/engine-over-ssh.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { canRunEngines } from '../support/own-engine.js';
import { commit, repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const STANDBY = { KOALACI_STANDBY: '5m' };

describe.runIf(canRunEngines)('an engine with userns-remap', () => {
  let engine: EngineBox;
  let ssh: EngineOverSsh;
  /** Its Redis is a private one, on that engine. */
  let koalaci: Koalaci;

  beforeAll(async () => {
    engine = await remapped();
    ssh = await engineOverSsh(engine.env.DOCKER_HOST);
    koalaci = await Koalaci.open({ privateRedis: true });
  }, 3 * MINUTE);
  afterAll(async () => {
    await ssh?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
    await koalaci?.close();
  });

  const containers = async () => (await engine.docker('ps', '--all', '--format', '{{.Names}}')).split('\n');
  const isRested = async () => {
    const names = (await containers()).filter((name) => !name.includes('-redis-'));
    return names.length === 2 && names.every((name) => name.includes('-standby-'));
  };

  it(
    'builds cold and warm, saves snapshots and ships, and is the same over ssh',
    async () => {
      const repo = await openRepo();
      const build = async (id: string, env: Record<string, string>) => {
        const job = { id, project: 'mapped', command: 'cat /proc/self/uid_map >public/map' };
        const { exitCode, stderr } = await koalaci.build(repo, job, [], { ...STANDBY, ...env });
        expect(exitCode, stderr).toBe(0);
        // Root in the container is who has no rights outside.
        expect((await filesIn(koalaci.artifact(id, 'mapped'))).map).toMatch(/^ +0 +100000 /);
        await until(isRested);
        await commit(repo);
        return stderr;
      };
      expect(await build('cold', engine.env)).not.toContain('warm');
      expect(await build('warm', engine.env)).toContain('warm');
      expect(await build('over-ssh', ssh.env)).toContain('warm');
    },
    2 * MINUTE,
  );

  it(
    'ends a build that is canceled, over ssh too',
    async () => {
      const job = { id: 'canceled', command: 'echo begun; sleep 300' };
      const started = koalaci.start(jobArgs(await openRepo(), job), { env: ssh.env });
      await until(async () => (await koalaci.run(['logs', 'canceled'])).stdout.includes('begun'));
      await koalaci.run(['cancel', 'canceled'], { env: ssh.env });
      expect((await started).exitCode).toBe(130);
      expect((await containers()).filter((name) => !/-(redis|standby)-/.test(name))).toEqual([]);
    },
    2 * MINUTE,
  );

  it('says that a local source is closed to builds, whose root is not its owner', async () => {
    const { exitCode, stderr } = await koalaci.build(
      await repoOf('static'),
      { id: 'closed' },
      [],
      engine.env,
    );
    expect(stderr).toMatch(/builds may not read the local repository.*\n.*chmod -R o\+rX/);
    expect(exitCode).toBe(1);
  });

  it('says that a local source is not there, if the engine does not see it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'koala-only-here-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const repo = join(directory, 'site');
    await rename(await openRepo(), repo);
    await engine.inside('mount', '-t', 'tmpfs', 'none', directory);
    const { exitCode, stderr } = await koalaci.build(repo, { id: 'elsewhere' }, [], ssh.env);
    expect(stderr).toMatch(/does not see the local source: it runs on another machine\n.*git server/);
    expect(exitCode).toBe(5);
  });

  it('says what is weaker about it', async () => {
    const { stdout } = await koalaci.run(['doctor'], { env: ssh.env });
    expect(stdout).toMatch(/root in a container is nobody on the machine/);
    expect(stdout).toMatch(/the engine may be elsewhere \(ssh:\/\/root@engine\)/);
  });
});

/** A repository that others than its owner may read. */
async function openRepo(): Promise<string> {
  const repo = await repoOf('static');
  await chmod(repo, 0o755);
  return repo;
}

/** Starts it, with the builder image. Its ids begin at 100000. */
async function remapped(): Promise<EngineBox> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-engine-'));
  const engine = new EngineBox(directory, ['--userns-remap', 'nobody:nogroup']);
  try {
    // Its containers' root has to get at its files.
    await chmod(directory, 0o711);
    await writeFile(join(directory, 'ids'), 'nobody:100000:65536\n');
    for (const file of ['/etc/subuid', '/etc/subgid'])
      await engine.inside('mount', '--bind', join(directory, 'ids'), file);
    await engine.up();
    const copy = 'docker save "$1" | DOCKER_HOST=$2 docker load';
    await execa('bash', ['-o', 'pipefail', '-c', copy, 'bash', BUILDER, engine.env.DOCKER_HOST]);
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}
