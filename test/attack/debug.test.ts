// A build fails so that somebody looks into it: its container is a trap for who does, and a way around the walls of builds.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openRepo } from '../support/jobs.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

const TOKEN = 'Tok3nOfThisJob+0123456789';
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(async () => {
  await koalaci.run(['cache', 'rm', PROJECT]);
  await koalaci.close();
});

/** A build that fails, and is kept. */
async function fails(id: string, command: string, more: string[] = []): Promise<void> {
  const built = await koalaci.build(await openRepo(), { id, command: `${command}\nexit 3` }, [
    '--keep',
    ...more,
  ]);
  expect([built.exitCode, built.stdout], built.stderr).toEqual([
    1,
    expect.stringContaining(`koalaci debug ${id}`),
  ]);
}

const debug = async (id: string, script: string) =>
  (await koalaci.run(['debug', id, '--', 'bash', '-c', script])).stdout;

/** Says in a file whose it runs as. */
const TRAP = 'grep -E "^(Uid|CapEff|NoNewPrivs)" /proc/self/status >>/workspace/ran';

describe('a failed build that is looked into', () => {
  attack(
    'it leaves programs and start files where root, who opens the shell, would run them',
    async () => {
      const names = 'bash sh cat chmod tty env setpriv mapfile id printf docker-init';
      await fails(
        'traps',
        [
          `for name in .bashrc .bash_profile .profile .bash_env; do echo '${TRAP}' >~/$name; done`,
          `mkdir -p ~/bin ~/.local/bin node_modules/.bin; for name in ${names}; do`,
          `for place in ~/bin ~/.local/bin node_modules/.bin .; do`,
          `printf '#!/bin/bash\\n%s\\nexec /bin/%s "$@"\\n' '${TRAP}' $name >$place/$name; chmod +x $place/$name; done; done`,
        ].join('\n'),
      );
      await koalaci.onTerminal(['debug', 'traps'], { typed: 'sleep 0; exit\n' });
      const ran = await debug('traps', `${TRAP}; cat ran`);
      expect(ran).toMatch(/^Uid:/m);
      expect(ran).not.toMatch(/^Uid:.*\t0\b/m);
      for (const [name, value] of ran.split('\n').map((line) => line.split(':\t')))
        if (name !== 'Uid')
          expect([name, value]).toEqual([name, name === 'NoNewPrivs' ? '1' : '0000000000000000']);
    },
    { short: true },
  );

  attack(
    'it hides a secret where who looks into it would find it',
    async () => {
      await fails(
        'hides',
        [
          'mkdir -p "deep/$TOKEN" a/b; echo x >"deep/$TOKEN/x"; ln -s "$TOKEN" link; git config user.name "$TOKEN"',
          'echo "$TOKEN" >a/b/c; chmod 000 a/b/c a/b; truncate -s 300M sparse; echo "$TOKEN" >>sparse',
          'exec 7>gone; echo "$TOKEN" >&7; rm gone; mkfifo pipe; (printf %s "$TOKEN" | tee /dev/shm/x /tmp/x >pipe & ) ',
          'printf %s "$TOKEN" | xxd -p -c 0 >hex; (export MINE=$TOKEN; sleep 1000 &)',
        ].join('\n'),
        ['--env', `TOKEN=${TOKEN}`],
      );
      const places = '/workspace /home /tmp /dev/shm /var/tmp /run';
      const found = await debug(
        'hides',
        `shopt -s nullglob; find ${places} -printf '%p %l\\n' 2>/dev/null; grep -rlas '${TOKEN}' -D skip ${places}; ` +
          `cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'; cat hex; echo; env; echo done`,
      );
      expect(found).toContain('done');
      expect(found).toContain('/workspace');
      const lines = found.split('\n').filter((line) => !line.startsWith('shopt '));
      expect(lines.filter((line) => line.includes(TOKEN))).toEqual([]);
      expect(found).not.toContain(Buffer.from(TOKEN).toString('hex'));
    },
    { short: true },
  );

  attack(
    'its shell reaches what no build reaches: root, other builds, more processes and memory',
    async () => {
      await fails('walls', 'true');
      const { stdout: ben } = await koalaci.run(['token', '--user', 'ben']);
      const listens =
        "node -e \"require('net').createServer((one) => one.end('reached')).listen(9999)\" & hostname -i | sed 's/^/address /'; sleep 120";
      const other = koalaci.start(
        jobArgs(await openRepo(), { id: 'other', command: listens }, ['--token', ben]),
      );
      try {
        let address = '';
        await until(async () => {
          const { stdout } = await koalaci.run(['logs', 'other', '--token', ben]);
          address = /address ([\d.]+)/.exec(stdout)?.[1] ?? '';
          return address !== '';
        });
        const reach = (host: string) => `timeout 3 bash -c 'cat </dev/tcp/${host}/9999' 2>&1`;
        expect(await debug('walls', `${reach(address)}; true`)).not.toContain('reached');
        const here =
          "node -e \"require('net').createServer((one) => one.end('reached')).listen(9999)\" & sleep 1";
        expect(await debug('walls', `${here}; ${reach('127.0.0.1')}; kill $!`)).toContain('reached');
        const tries = [
          'touch /koala/steps/x /etc/x /run/x',
          'mount -t tmpfs none /mnt',
          'unshare -U true',
          'kill -9 1',
          'ls /run/docker.sock /var/run/docker.sock',
          'echo 1 >/proc/sys/kernel/panic',
        ];
        const did = await debug(
          'walls',
          tries.map((one) => `if ${one} 2>/dev/null; then echo "did: ${one}"; fi`).join('; '),
        );
        expect(did).toBe('');
        // Both versions of cgroups.
        const limit = (v2: string, v1: string) =>
          `cat /sys/fs/cgroup/${v2} 2>/dev/null || cat /sys/fs/cgroup/${v1}`;
        const limits = [
          limit('pids.max', 'pids/pids.max'),
          limit('memory.max', 'memory/memory.limit_in_bytes'),
        ];
        expect(await debug('walls', limits.join('; '))).toBe(`4096\n${4 * 1024 ** 3}`);
      } finally {
        other.kill('SIGINT');
        await other;
      }
    },
  );
});
