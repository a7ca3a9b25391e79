// The life of a build as others see it: followed, canceled, interrupted, lost, and with a Redis that goes away.
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, sha256 } from '../support/artifact.js';
import { containersOf, gone } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { dockerCommand } from '../support/docker-command.js';
import { gate, openGate } from '../support/gate.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { project } from '../support/projects.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
const FOREVER = 'echo begun; while :; do echo tick; sleep 0.1; done';
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const log = async (id: string) => (await koalaci.run(['logs', id, '--raw'])).stdout;
const status = async (id: string) => JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
const begun = (id: string) => until(async () => (await log(id)).includes('begun'));

/** Collects what a process prints; returns what it has printed so far. */
function shown(stdout: Readable): () => string {
  let text = '';
  stdout.on('data', (data) => {
    text += String(data);
  });
  return () => text;
}

describe('a build', () => {
  it('leaves an archive, a manifest that is true, a record and a log', async () => {
    const repo = await repoOf('static');
    const sha = await commit(repo, { 'public/new.txt': 'new' });
    expect((await koalaci.build(repo, { id: 'ready', command: 'echo building' })).exitCode).toBe(0);

    const archive = koalaci.artifact('ready');
    const manifest = JSON.parse(await readFile(archive.replace('.tar.gz', '.json'), 'utf8'));
    const files = await filesIn(archive);
    expect(files['new.txt']).toBe('new');
    expect(manifest).toMatchObject({
      deployment_id: 'ready',
      user_id: 'ann',
      commit: sha,
      sha256: await sha256(archive),
      files: Object.keys(files).length,
      bytes: Object.values(files).join('').length,
    });
    expect(await status('ready')).toMatchObject({ status: 'READY', commit: sha });
    expect(await log('ready')).toBe('building');
    await gone('ready');
  });

  it('gives the same bytes for the same commit', async () => {
    const repo = await repoOf('static');
    await koalaci.build(repo, { id: 'same-1' });
    await koalaci.build(repo, { id: 'same-2' });
    expect(await sha256(koalaci.artifact('same-1'))).toBe(await sha256(koalaci.artifact('same-2')));
  });

  it('takes its job from a file and standard input, and puts the artifact where --output says', async () => {
    const repo = await repoOf('static');
    const job = payloadOf({
      project_id: PROJECT,
      deployment_id: 'from-stdin',
      project_repo_url: `file://${repo}`,
      project_dist_directory: 'public',
    });
    const { exitCode, stdout } = await koalaci.run(
      ['run', '-', '--json', '--output', `${koalaci.home}/here`],
      {
        input: JSON.stringify(job),
      },
    );
    expect(exitCode).toBe(0);
    const events = stdout.split('\n').map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['started', 'step_started', 'step_ended', 'ended']),
    );
    expect(events.at(-1).record.artifact.path).toBe(`${koalaci.home}/here/from-stdin.tar.gz`);
    expect(await filesIn(`${koalaci.home}/here/from-stdin.tar.gz`)).toHaveProperty(['index.html']);
  });

  it(
    'is of a tag, a branch with a slash, or an older commit',
    async () => {
      const repo = await repoOf('static');
      const old = await commit(repo, { 'public/v.txt': 'old' });
      await git(repo, 'tag', 'v1');
      await git(repo, 'checkout', '--quiet', '-b', 'feature/x');
      await commit(repo, { 'public/v.txt': 'new' });
      for (const [id, job, more, content] of [
        ['of-tag', { branch: 'v1' }, [], 'old'],
        ['of-branch', { branch: 'feature/x' }, [], 'new'],
        ['of-commit', { branch: 'feature/x' }, ['--commit', old], 'old'],
      ] as const) {
        expect((await koalaci.build(repo, { id, ...job }, [...more])).exitCode).toBe(0);
        expect((await filesIn(koalaci.artifact(id)))['v.txt']).toBe(content);
      }
    },
    SLOW,
  );

  it('leaves out of the artifact what leads out of it, and keeps what does not', async () => {
    const command =
      'ln -s index.html public/inside; ln -s /etc/passwd public/outside; ln -s ../x public/above; mkfifo public/pipe; mkdir public/.git; echo g >public/.git/g; ln public/.git/g public/hard; ln public/index.html public/hard-inside';
    const { exitCode, stdout } = await koalaci.build(await repoOf('static'), { id: 'links', command });
    expect(exitCode).toBe(0);
    const files = await filesIn(koalaci.artifact('links'));
    expect(files.inside).toBe('-> index.html');
    expect(files).toHaveProperty(['hard-inside']);
    for (const name of ['outside', 'above', 'pipe', 'hard']) {
      expect(files).not.toHaveProperty(name);
      expect(stdout).toContain(`left out of the artifact: ${name}`);
    }
  });

  it(
    'ships thousands of files, and long and odd names',
    async () => {
      const long = `${'d'.repeat(120)}/${'e'.repeat(120)}/f.txt`;
      const command = `cd public; for n in $(seq 5000); do echo $n >"f$n"; done
        mkdir -p ${long.slice(0, -6)}; echo long >${long}; echo odd >'ü "x" y'`;
      const { exitCode } = await koalaci.build(await repoOf('static'), { id: 'many', command });
      expect(exitCode).toBe(0);
      const files = await filesIn(koalaci.artifact('many'));
      expect(Object.keys(files).length).toBeGreaterThan(5000);
      // Contents are compared as bytes.
      expect([files.f1, files.f5000, files[long], files['ü "x" y']]).toEqual([
        '1\n',
        '5000\n',
        'long\n',
        'odd\n',
      ]);
    },
    SLOW,
  );

  it(
    'is followed from another process, and its end ends the following',
    async () => {
      const command = `${gate()}; echo done`;
      const building = koalaci.start(jobArgs(await repoOf('static'), { id: 'followed', command }));
      await begun('followed');
      const following = koalaci.start(['logs', '-f', '--raw', 'followed']);
      const seen = shown(following.stdout);
      await until(() => seen() === 'begun\n');
      expect(following.exitCode).toBeNull();
      await openGate('followed');
      expect(await following).toMatchObject({ exitCode: 0, stdout: 'begun\ndone' });
      expect((await building).exitCode).toBe(0);
    },
    SLOW,
  );

  it(
    'cannot be started twice at once, nor be seen by another user',
    async () => {
      const repo = await repoOf('static');
      const building = koalaci.start(jobArgs(repo, { id: 'twice', command: FOREVER }));
      await begun('twice');
      const second = await koalaci.build(repo, { id: 'twice' });
      expect(second.exitCode).toBe(6);
      expect(second.stderr).toContain('koalaci logs -f twice');
      const { stdout: token } = await koalaci.run(['token', '--user', 'bob']);
      for (const command of ['logs', 'status', 'cancel']) {
        expect((await koalaci.run([command, 'twice', '--token', token])).exitCode).toBe(4);
      }
      await koalaci.run(['cancel', 'twice']);
      expect((await building).exitCode).toBe(130);
      expect(await containersOf('twice')).toEqual([]);
    },
    SLOW,
  );
});

describe('a reader that goes away', () => {
  it(
    'ends itself, not the build',
    async () => {
      const command = 'echo begun; for n in 1 2 3 4 5; do echo "line $n"; sleep 0.1; done';
      const building = koalaci.start(jobArgs(await repoOf('static'), { id: 'unread', command }));
      building.stdout.destroy();
      building.stderr.destroy();
      await building;
      expect(await status('unread')).toMatchObject({ status: 'READY' });
      expect(await log('unread')).toContain('line 5');
    },
    SLOW,
  );
});

describe('a build is stopped', () => {
  it(
    'by koalaci cancel, which returns when the container is gone',
    async () => {
      const building = koalaci.start(jobArgs(await repoOf('static'), { id: 'cancel', command: FOREVER }));
      await begun('cancel');
      const { exitCode, stderr } = await koalaci.run(['cancel', 'cancel']);
      expect(exitCode).toBe(0);
      expect(stderr).toContain('CANCELED');
      expect(await containersOf('cancel')).toEqual([]);
      expect((await building).exitCode).toBe(130);
      expect(await status('cancel')).toMatchObject({ status: 'CANCELED', reason: 'canceled', step: 'build' });
      expect((await koalaci.run(['cancel', 'cancel'])).exitCode).toBe(6);
    },
    SLOW,
  );

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s, although the command ignores TERM',
    async (signal) => {
      const command = `trap "" TERM INT; ${FOREVER}`;
      const building = koalaci.start(jobArgs(await repoOf('static'), { id: signal, command }));
      await begun(signal);
      building.kill(signal);
      expect((await building).exitCode).toBe(130);
      expect(await status(signal)).toMatchObject({ status: 'CANCELED' });
      expect(await containersOf(signal)).toEqual([]);
    },
    SLOW,
  );

  it(
    'and leaves no process behind that it had started in the background',
    async () => {
      const alive = 'while echo alive; do : >/tmp/begun; sleep 0.01; done';
      const command = `setsid bash -c '${alive}' & until [ -e /tmp/begun ]; do sleep 0.1; done`;
      expect((await koalaci.build(await repoOf('static'), { id: 'background', command })).exitCode).toBe(0);
      // Its container ends in any case: what counts is that nothing lives on while the artifact is packed.
      const logOf = async (step: string) =>
        (await koalaci.run(['logs', 'background', '--raw', '--step', step])).stdout;
      expect(await logOf('build')).toContain('alive');
      expect(await logOf('artifact')).toBe('');
      await gone('background');
    },
    SLOW,
  );
});

describe('a runner that is killed', () => {
  it(
    'is told from a failed build, and the next run takes its container away',
    async () => {
      const repo = await repoOf('static');
      // No other koalaci of this machine knows their containers: it would take the lost one away first.
      const own = await dockerCommand(`args=("\${@/koalaci.attempt/koalaci.own-attempt}")
      if [[ $1 != container ]]; then exec docker "\${args[@]}"; fi
      docker "\${args[@]}" | sed s/koalaci.own-attempt/koalaci.attempt/`);
      const env = { KOALACI_DOCKER: own.path };
      // A snapshot of another test would give the label to its containers.
      const id = project('lost');
      const job = { id: 'lost', project: id, command: FOREVER };
      const lost = koalaci.start(jobArgs(repo, job), { env });
      await begun('lost');
      const [container = ''] = await containersOf('lost');
      const containerEnded = docker('wait', container);
      lost.kill('SIGKILL');
      await lost;
      expect((await koalaci.build(repo, { id: 'next', project: id }, [], env)).exitCode).toBe(0);
      await gone('lost');
      // It did not end by itself.
      expect(await containerEnded).toBe('137');
      expect(await status('lost')).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
      // The snapshot is saved with the docker command of this test.
      await saved(id);
    },
    SLOW,
  );

  it(
    'does not keep its deployment id from being built again at once',
    async () => {
      const repo = await repoOf('static');
      const lost = koalaci.start(jobArgs(repo, { id: 'again', command: FOREVER }));
      await begun('again');
      lost.kill('SIGKILL');
      await lost;
      expect((await koalaci.build(repo, { id: 'again' })).exitCode).toBe(0);
      expect(await status('again')).toMatchObject({ status: 'READY' });
    },
    SLOW,
  );
});

describe('Redis', () => {
  it(
    'may be killed in the middle of a build: it gets everything when it is back',
    async () => {
      const own = await Koalaci.open();
      const print = 'for n in $(seq 40); do echo "line $n"; done';
      const command = `${gate('away')}; ${print}; ${gate('back')}; echo the end`;
      const building = own.start(jobArgs(await repoOf('static'), { id: 'away', command }));
      const seen = shown(building.stdout);
      await until(async () => (await own.run(['logs', 'away'])).stdout.includes('begun'));
      await own.redis?.kill();
      await openGate('away', 'away');
      await until(() => seen().includes('line 40\nbegun'));
      await own.redis?.up();
      await openGate('away', 'back');
      expect((await building).exitCode).toBe(0);
      const lines = Array.from({ length: 40 }, (_, n) => `line ${n + 1}`);
      const all = ['begun', ...lines, 'begun', 'the end'];
      expect((await own.run(['logs', 'away', '--raw'])).stdout.split('\n')).toEqual(all);
      expect(JSON.parse((await own.run(['status', 'away', '--json'])).stdout)).toMatchObject({
        status: 'READY',
      });
      await own.close();
    },
    SLOW,
  );

  it(
    'may stay away: the log is shown all the same, and that nothing is recorded',
    async () => {
      const own = await Koalaci.open();
      const command = `${gate()}; echo the end`;
      const building = own.start(jobArgs(await repoOf('static'), { id: 'gone', command }));
      await until(async () => (await own.run(['logs', 'gone'])).stdout.includes('begun'));
      await own.redis?.kill();
      await openGate('gone');
      const { exitCode, stdout, stderr } = await building;
      expect(exitCode).toBe(0);
      expect(stdout).toContain('the end');
      expect(stderr).toContain('not recorded');
      await own.close();
    },
    SLOW,
  );

  it(
    'of its own is started once by two commands at a time, is private, and survives',
    async () => {
      const own = await Koalaci.open({ privateRedis: true });
      const label = `${own.home}/redis`;
      const containers = async () =>
        (
          await docker(
            'ps',
            '--all',
            '--filter',
            'label=koalaci.redis',
            '--format',
            '{{.Names}} {{.Mounts}}',
            '--no-trunc',
          )
        )
          .split('\n')
          .filter((line) => line.includes(label));
      try {
        const repo = await repoOf('static');
        const both = await Promise.all([own.build(repo, { id: 'p1' }), own.build(repo, { id: 'p2' })]);
        expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
        expect(await containers()).toHaveLength(1);
        const name = (await containers())[0]?.split(' ')[0] ?? '';
        expect(
          await docker(
            'inspect',
            '--format',
            '{{.HostConfig.NetworkMode}} {{.HostConfig.RestartPolicy.Name}}',
            name,
          ),
        ).toBe('none unless-stopped');
        await docker('kill', name);
        const { stdout } = await own.run(['list', '--json']);
        expect(
          JSON.parse(stdout)
            .map((record: { deployment: string }) => record.deployment)
            .sort(),
        ).toEqual(['p1', 'p2']);
      } finally {
        const names = (await containers()).map((line) => line.split(' ')[0] ?? '');
        if (names.length > 0) await docker('rm', '--force', ...names);
        await own.close();
      }
    },
    SLOW,
  );
});
