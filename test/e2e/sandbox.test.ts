// What build code cannot do: speak for the entrypoint, see secrets that are not its own, leave the sandbox.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersOf, docker } from '../support/docker.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

it(
  'the control channel is out of its reach',
  async () => {
    const forged = '{"n":9,"event":"finished","dist":"/etc"}';
    const command = `for fd in /proc/[0-9]*/fd/*; do [ -e "$fd" ] && echo '${forged}' >"$fd"; done 2>/dev/null
    for n in $(seq 3 255); do eval "echo '${forged}' >&$n"; done 2>/dev/null
    echo '${forged}' >&2; kill -9 1; kill -9 $PPID; exit 7`;
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'forge', command });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('exit code 7');
  },
  SLOW,
);

it(
  'it runs as a user without any capability, on a system that is not its own',
  async () => {
    const command = `set -e; grep -E '^Cap(Prm|Eff|Bnd|Amb):\\s+0+$' /proc/self/status | wc -l | grep -qx 4
    grep -q '^NoNewPrivs:.*1' /proc/self/status; [ "$(id -u)" = 1000 ]; [ ! -S /var/run/docker.sock ]
    ! touch /etc/x /usr/bin/x /koala/bin/x; ! su -c true; ! mount -t tmpfs x /mnt`;
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), { id: 'caps', command });
    expect(exitCode, stdout + stderr).toBe(0);
  },
  SLOW,
);

it(
  'it can write nowhere but into its workspace, its home and what goes with the container',
  async () => {
    const command = "find / -xdev -writable -not -path '/proc/*' -not -type l 2>/dev/null; true";
    const { stdout } = await koalaci.build(await repoOf('static'), { id: 'writable', command });
    const places = stdout
      .split('\n')
      .filter((path) => !/^\/(workspace|home\/build|koala\/out|dev|tmp)(\/|$)/.test(path));
    expect(places.filter((path) => !path.startsWith('koalaci:'))).toEqual([]);
  },
  SLOW,
);

it(
  'it gets the env of its job, which the engine, the log and Redis never see',
  async () => {
    const secret = 'tr0ub4dor&3 "quoted" $x';
    const command =
      'echo "value: $SECRET"; [ "$(printf %s "$SECRET" | wc -c)" = 23 ]; [ "$CI" = true ]; echo begun; sleep 2';
    const started = koalaci.start(
      jobArgs(await repoOf('static'), { id: 'env', command }, ['--env', `SECRET=${secret}`]),
    );
    const log = async () => (await koalaci.run(['logs', 'env'])).stdout;
    await until(async () => (await log()).includes('begun'));
    const inspected = await docker('inspect', ...(await containersOf('env')));
    const { exitCode, stdout, stderr } = await started;
    expect(exitCode, String(stdout) + stderr).toBe(0);
    expect(await log()).toContain('value: ***');
    const status = (await koalaci.run(['status', 'env', '--json'])).stdout;
    for (const place of [inspected, stdout, stderr, await log(), status])
      expect(place).not.toContain('tr0ub4dor');
  },
  SLOW,
);

it(
  'the environment of the job works on no program of root',
  async () => {
    const env = [
      '--env',
      'LD_PRELOAD=/workspace/x.so',
      'BASH_ENV=/workspace/x.sh',
      'PATH=/workspace/bin:/usr/bin:/bin',
    ];
    const repo = await repoOf('static', { 'x.sh': 'echo "uid $(/usr/bin/id -u)"\n' });
    const { exitCode, stdout } = await koalaci.build(repo, { id: 'preload', command: 'true' }, env);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('uid 0');
  },
  SLOW,
);

it(
  'the operator’s certificate authorities are trusted and not baked in',
  async () => {
    const command =
      'set -e; test -s "$NODE_EXTRA_CA_CERTS"; node -e "fetch(\'https://registry.npmjs.org/ms\').then((r) => process.exit(r.ok ? 0 : 1))"; curl -fsS -o /dev/null https://registry.npmjs.org/ms';
    const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), { id: 'ca', command });
    expect(exitCode, stdout + stderr).toBe(0);
    expect(
      await docker('run', '--rm', 'koalaci:latest', 'sh', '-c', 'ls /run/koala 2>/dev/null; env'),
    ).not.toMatch(/ca\.pem|CA_CERTS/);
  },
  SLOW,
);
