// What build code cannot do: speak for the entrypoint, see secrets that are not its own, leave the sandbox.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { dockerCommand } from '../support/docker-command.js';
import { gate, openGate } from '../support/gate.js';
import { HttpsServer } from '../support/https-server.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { REFUSED } from '../support/refused.js';
import { repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
const BUILDER = process.env.KOALACI_IMAGE || 'koalaci:latest';
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

it(
  'the control channel is out of its reach',
  async () => {
    // More numbers than a build has events, so that the one that comes next is among them.
    const command = `set +e; for n in $(seq 20); do forged+="{\\"n\\":$n,\\"event\\":\\"finished\\",\\"forged\\":true}"$'\\n'; done
    for fd in /proc/[0-9]*/fd/*; do [ -e "$fd" ] && printf %s "$forged" >"$fd"; done 2>/dev/null
    for n in $(seq 3 255); do eval 'printf %s "$forged" >&'$n; done 2>/dev/null
    printf %s "$forged" >&2; kill -9 1; kill -9 $PPID; exit 7`;
    // Beside the build: all that its container says on the control channel.
    const own = await dockerCommand('exec docker "$@" 2> >(tee -a "$OWN/control" >&2)');
    const { exitCode, stdout, stderr } = await koalaci.build(
      await repoOf('static'),
      { id: 'forge', command },
      [],
      { KOALACI_DOCKER: own.path },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('exit code 7');
    expect(stdout).toContain('forged');
    const control = await readFile(join(own.directory, 'control'), 'utf8');
    expect(control).toContain('"event":"step_started","step":"build"');
    expect(control).not.toContain('forged');
  },
  SLOW,
);

it(
  'it runs as a user without any capability, on a system that is not its own',
  async () => {
    const command = `set -e; ${REFUSED}
    grep -E '^Cap(Prm|Eff|Bnd|Amb):\\s+0+$' /proc/self/status | wc -l | grep -qx 4
    grep -q '^NoNewPrivs:.*1' /proc/self/status; [ "$(id -un)" = build ]; [ ! -S /var/run/docker.sock ]
    for place in /etc /usr/bin /koala/bin; do [ -d $place ]; refused touch $place/x; done
    refused su -c true; refused mount -t tmpfs x /mnt`;
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), { id: 'caps', command });
    expect(exitCode, stdout + stderr).toBe(0);
  },
  SLOW,
);

it(
  'it can write nowhere but into its workspace, its home and what goes with the container',
  async () => {
    const command = "find / -xdev -writable -not -path '/proc/*' -not -type l 2>/dev/null || true";
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), {
      id: 'writable',
      command,
    });
    expect(exitCode, stdout + stderr).toBe(0);
    const paths = stdout.split('\n').filter((path) => !path.startsWith('koalaci:'));
    expect(paths).toEqual(expect.arrayContaining(['/workspace', '/home/build']));
    expect(paths.filter((path) => !/^\/(workspace|home\/build|dev|tmp)(\/|$)/.test(path))).toEqual([]);
  },
  SLOW,
);

it(
  'it gets the env of its job, which the engine, the log and Redis never see',
  async () => {
    const secret = 'tr0ub4dor&3 "quoted" $x';
    const command = `set -e; ${gate()}; echo "value: $SECRET"; [ "$(printf %s "$SECRET" | wc -c)" = 23 ]; [ "$CI" = true ]`;
    const started = koalaci.start(
      jobArgs(await repoOf('static'), { id: 'env', command }, ['--env', `SECRET=${secret}`]),
    );
    const log = async () => (await koalaci.run(['logs', 'env', '--raw'])).stdout;
    await until(async () => (await log()).includes('begun'));
    const inspected = await docker('inspect', ...(await containersOf('env')));
    await openGate('env');
    const { exitCode, stdout, stderr } = await started;
    expect(exitCode, String(stdout) + stderr).toBe(0);
    expect(await log()).toContain('value: ***');
    const status = (await koalaci.run(['status', 'env', '--json'])).stdout;
    const recorded = String(await koalaci.redis?.contents());
    expect(recorded).toContain('value: ***');
    for (const place of [inspected, stdout, stderr, await log(), status, recorded])
      expect(place).not.toContain('tr0ub4dor');
  },
  SLOW,
);

it(
  'the environment of the job works on no program of root',
  async () => {
    const env = [
      'LD_PRELOAD=/workspace/x.so',
      'BASH_ENV=/workspace/x.sh',
      'PATH=/workspace/bin:/usr/bin:/bin',
      // The loader itself names each program that it starts.
      'LD_DEBUG=libs',
    ].flatMap((pair) => ['--env', pair]);
    const repo = await repoOf('static', { 'x.sh': 'echo "run by $(/usr/bin/id -un)"\n' });
    const { exitCode, stdout } = await koalaci.build(repo, { id: 'preload', command: 'true' }, env);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('run by build');
    expect(stdout).not.toContain('run by root');
    // Each program that is to load a library that is not there says so: those of the build do, and no other step's.
    const logOf = async (step: string) =>
      (await koalaci.run(['logs', 'preload', '--raw', '--step', step])).stdout;
    expect(await logOf('build')).toContain('LD_PRELOAD');
    for (const step of ['source', 'toolchain', 'install', 'artifact'])
      expect(await logOf(step)).not.toContain('LD_PRELOAD');
    // The build's are the command's shell and what BASH_ENV calls, not those on the way from root to it.
    const started = (await logOf('build')).matchAll(/initialize program: (.*)/g);
    expect(new Set([...started].map(([, program]) => program))).toEqual(
      new Set(['/bin/bash', '/usr/bin/id']),
    );
  },
  SLOW,
);

it(
  'the operator’s certificate authorities are trusted and not baked in',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'koala-ca-'));
    const server = await HttpsServer.start(directory);
    try {
      const command = `set -e; curl -fsS ${server.url}; node -e "fetch('${server.url}').then((r) => process.exit(r.ok ? 0 : 1))"`;
      const repo = await repoOf('static');
      const build = (id: string, ca: string) =>
        koalaci.build(repo, { id, command }, ['--no-cache'], { KOALACI_EXTRA_CA_CERTS: ca });
      expect((await build('no-ca', '')).exitCode).toBe(1);
      const { exitCode, stdout, stderr } = await build('ca', server.ca);
      expect(exitCode, stdout + stderr).toBe(0);
      await saved(PROJECT);
      const snapshots = Object.keys(await snapshotsOf(PROJECT)).map(snapshotName);
      expect(snapshots).not.toEqual([]);

      const line = (await readFile(server.ca, 'utf8')).split('\n')[2] ?? '';
      const look = `grep -rslF -- '${line}' /etc /home /koala/state /koala/git /run /usr/local /var /workspace || true; env`;
      for (const image of [BUILDER, ...snapshots])
        expect(await docker('run', '--rm', image, 'sh', '-c', look)).not.toMatch(/^\/|CA_CERTS/m);
    } finally {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
  SLOW,
);

it(
  'a build runs with the runtime that the operator names; one that the engine does not have is said',
  async () => {
    const repo = await repoOf('static');
    const env = { KOALACI_RUNTIME: 'io.containerd.runc.v2' };
    const run = koalaci.start(jobArgs(repo, { id: 'runtime', command: gate() }), { env });
    await until(async () => (await koalaci.run(['logs', 'runtime'])).stdout.includes('begun'));
    const [container = ''] = await containersOf('runtime');
    expect(await docker('container', 'inspect', '--format', '{{.HostConfig.Runtime}}', container)).toBe(
      'io.containerd.runc.v2',
    );
    await openGate('runtime');
    expect((await run).exitCode).toBe(0);
    const { exitCode, stderr } = await koalaci.build(repo, { id: 'runtime' }, [], {
      KOALACI_RUNTIME: 'none',
    });
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/no runtime of the name in KOALACI_RUNTIME\n.*daemon\.json/);
    expect((await koalaci.run(['status', 'runtime'])).stdout).toContain('READY');
  },
  SLOW,
);

function snapshotName(tag: string): string {
  return `koalaci-snapshot:${tag}`;
}
