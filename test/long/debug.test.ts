// A build that failed is looked into: in its container, without what was secret in it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersIn } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
const SECRET = 'npm_s3cret/TOKEN+4711';
const encoded = Buffer.from(`user:${SECRET}`).toString('base64');
/** Leaves the secret wherever builds leave it, and something else. */
const LEAVES = [
  'echo state >left.txt; mkdir -m 700 deep; mkdir -p public',
  'echo "//registry/:_authToken=$TOKEN" | tee .npmrc ~/.config-of-mine /tmp/token deep/.env /var/tmp/token >/dev/null',
  'printf "user:%s" "$TOKEN" | base64 -w 0 >basic.txt; echo "password $TOKEN" >~/.netrc',
  'chmod 000 deep; (sleep 1000 & ); exit 3',
].join('\n');
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(async () => {
  await koalaci.run(['cache', 'rm', PROJECT]);
  await koalaci.close();
});

const kept = async () => (await containersIn(PROJECT)).filter(({ name }) => name.startsWith('koalaci-kept-'));
const debug = (id: string, ...command: string[]) => koalaci.run(['debug', id, '--', ...command]);

async function build(id: string, command: string, more: string[] = [], env: Record<string, string> = {}) {
  const file = join(koalaci.home, `${id}.json`);
  const ids = {
    project_id: PROJECT,
    deployment_id: id,
    project_repo_url: await repoOf('static'),
    project_dist_directory: 'public',
  };
  const variables = { TOKEN: SECRET, NODE_ENV: 'production' };
  await writeFile(
    file,
    JSON.stringify(payloadOf({ ...ids, project_build_command: command, env: variables })),
  );
  return koalaci.run(['run', file, ...more], { env });
}

describe('a failed build that is kept', () => {
  it(
    'says how it is debugged, and is as it was, but for the job’s secrets',
    async () => {
      const { exitCode, stdout, stderr } = await build('debug-1', LEAVES, ['--keep']);
      expect(exitCode).toBe(1);
      expect(stdout).toContain("is kept for 30 minutes, without the job's secrets: koalaci debug debug-1");
      expect(stderr).toMatch(/ERROR build_failed/);
      const look = `id -un; pwd; cat left.txt; grep CapEff /proc/self/status; ls /proc | grep -c '^[0-9]'; echo "[$TOKEN$NODE_ENV]"`;
      const seen = (await debug('debug-1', 'bash', '-c', look)).stdout.split('\n');
      expect(seen.slice(0, 4)).toEqual([
        'build',
        '/workspace',
        'state',
        expect.stringMatching(/^CapEff:\s0+$/),
      ]);
      // Its init, its main process, and who looks: what the build left running is gone.
      expect(Number(seen[4])).toBeLessThan(8);
      expect(seen[5]).toBe('[]');
      const find = `grep -rlaFs -e '${SECRET}' -e '${encoded}' /workspace /home /tmp /var /run /koala/state /proc/[0-9]*/environ /dev/shm; ls -A ~ . deep`;
      const found = await debug('debug-1', 'bash', '-c', find);
      expect(found.stdout).not.toMatch(/token|netrc|npmrc|\.env|basic|config-of-mine|environ/);
      expect(found.stdout).toContain('left.txt');
    },
    SLOW,
  );

  it(
    'is a shell on a terminal, and its command’s exit code without one',
    async () => {
      const screen = await koalaci.onTerminal(['debug', 'debug-1'], {
        typed: 'echo $((40 + 2)) $(tty); exit\n',
      });
      expect(screen).toMatch(/kept for \d+ more minutes/);
      expect(screen).toMatch(/had a value of the job, and were left out:\s+\.npmrc/);
      expect(screen).toMatch(/^.*42 \/dev\/pts\/\d+\s*$/m);
      expect((await debug('debug-1', 'bash', '-c', 'exit 7')).exitCode).toBe(7);
      const noShell = await koalaci.run(['debug', 'debug-1']);
      expect([noShell.exitCode, noShell.stderr]).toEqual([
        2,
        expect.stringContaining('koalaci debug debug-1 -- '),
      ]);
    },
    SLOW,
  );

  it(
    'is under the limits and in the network of builds, and is nobody else’s',
    async () => {
      const [container] = await kept();
      const format =
        '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.NetworkMode}} {{json .HostConfig.SecurityOpt}}';
      const limits = await docker('inspect', '--format', format, container?.id ?? '');
      expect(limits).toMatch(/^4294967296 4096 koalaci \["no-new-privileges","seccomp=/);
      const { stdout: token } = await koalaci.run(['token', '--user', 'ben']);
      const other = await koalaci.run(['debug', 'debug-1', '--token', token, '--', 'true']);
      expect(other.exitCode).toBe(4);
    },
    SLOW,
  );

  it(
    'makes way for the next one, also one that was stopped, and goes when its time is over',
    async () => {
      const stopped = await build('debug-2', 'echo here >here; sleep 100', ['--timeout', '5s'], {
        KOALACI_KEEP_FAILED: '1',
      });
      expect(stopped.exitCode).toBe(124);
      expect((await debug('debug-2', 'cat', 'here')).stdout).toBe('here');
      expect(await kept()).toHaveLength(1);
      const gone = await debug('debug-1', 'true');
      expect([gone.exitCode, gone.stderr]).toEqual([4, expect.stringContaining('koalaci run --keep')]);
      // As its main process does then.
      const [container] = await kept();
      await docker('exec', container?.id ?? '', 'pkill', '-f', 'kept.sh');
      await until(async () => (await kept()).length === 0);
      expect((await build('debug-3', 'exit 1')).exitCode).toBe(1);
      expect(await kept()).toEqual([]);
    },
    SLOW,
  );
});
