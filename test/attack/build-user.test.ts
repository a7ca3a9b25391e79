// The uid of builds: what the kernel goes by where it does not see containers.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { gate, openGate } from '../support/gate.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

/** Takes what the kernel counts by uid, over all containers, until there is no more; holds it. */
const TAKES_ALL = `import ctypes, errno, time
libc = ctypes.CDLL(None, use_errno=True)
while libc.inotify_init() >= 0: pass
print("none left:", errno.errorcode[ctypes.get_errno()], flush=True)
time.sleep(1000)
`;
const TAKES_ONE = `python3 -c 'import ctypes; print("got one" if ctypes.CDLL(None).inotify_init() >= 0 else "got none")'`;

/** Prints the uid of the build, then that of what it may write to. */
const SHOWS = 'echo "uid $(id -u) $(id -g) $(stat -c "%u %g" /workspace ~ | tr "\\n" " ")"';

describe('the build user', () => {
  let koalaci: Koalaci;
  let bob: string[];

  beforeAll(async () => {
    koalaci = await Koalaci.open();
    bob = ['--token', (await koalaci.run(['token', '--user', 'bob'])).stdout];
  });
  afterAll(() => koalaci.close());

  /** The uid of a build, which is the gid, too, and the owner of workspace and home. */
  const uidIn = ({ exitCode, stdout, stderr }: Awaited<ReturnType<Koalaci['run']>>): number => {
    expect(exitCode, stdout + stderr).toBe(0);
    const found = /^uid ((\d+)( \2){5})/m.exec(stdout);
    expect(found, stdout).not.toBeNull();
    return Number(found?.[2]);
  };

  attack(
    'a build looks for things of its uid outside of its container',
    async () => {
      const repo = await repoOf('static');
      const job = { id: 'uid', project: project('uid'), command: SHOWS };
      const cold = await koalaci.build(repo, job);
      const uid = uidIn(cold);
      expect(uid).not.toBe(1000);
      await saved(job.project);
      await commit(repo);
      const warm = await koalaci.build(repo, job);
      expect(warm.stderr).toMatch(/, warm/);
      expect(uidIn(warm)).toBe(uid);
      await saved(job.project);
      expect(uidIn(await koalaci.build(repo, { ...job, project: project('uid-2') }))).toBe(uid);
      expect(uidIn(await koalaci.build(repo, job, bob))).not.toBe(uid);
      await saved(job.project);
    },
    { short: true },
  );

  attack('a build takes all that the kernel lets one uid have', async () => {
    const repo = await repoOf('static', { 'takes-all.py': TAKES_ALL });
    const command = `coproc python3 takes-all.py; read -ru "\${COPROC[0]}" said; echo "$said"; ${TAKES_ONE}; ${gate()}`;
    const taking = koalaci.start(jobArgs(repo, { id: 'takes', command }));
    await until(async () => (await koalaci.run(['logs', 'takes'])).stdout.includes('begun'));
    const log = (await koalaci.run(['logs', 'takes'])).stdout;
    expect(log).toContain('none left: EMFILE');
    expect(log).toContain('got none');
    const other = await koalaci.build(await repoOf('static'), { id: 'gets', command: TAKES_ONE }, bob);
    await openGate('takes');
    expect((await taking).exitCode).toBe(0);
    expect(other.stdout).toContain('got one');
  });

  attack('a build asks for another uid, for itself and for the next one', async () => {
    const repo = await repoOf('static');
    const plain = { id: 'asks', project: project('asks'), command: SHOWS };
    const uid = uidIn(await koalaci.build(repo, plain));
    await saved(plain.project);
    const asks = `for file in /etc/passwd /etc/group; do
        sed "s/^build:x:$(id -u)/build:x:1000/; s/^build:x:\\(1000\\):$(id -g)/build:x:1000:1000/" $file >/tmp/new
        cp /tmp/new $file; mv /tmp/new $file; echo 'build:x:1000:1000::/home/build:/bin/bash' >>$file; rm -f $file
      done; mv -T /workspace /own; mkdir /own; mv -T ~ /home/own; rm -rf ~; ln -s /etc ~; chown 1000 . ~; chmod 7777 ~ /workspace; chmod a+w / /home
      setpriv --reuid=1000 true; python3 -c 'import os; os.setuid(1000)'; true`;
    for (const command of [`(${asks}) 2>/dev/null || true; ${SHOWS}`, SHOWS]) {
      await commit(repo);
      const env = ['uid=1000', 'IMAGE_UID=0', 'USER=root', 'LOGNAME=root'].flatMap((pair) => ['--env', pair]);
      const ended = await koalaci.build(repo, { ...plain, command }, env);
      expect(uidIn(ended)).toBe(uid);
      await saved(plain.project);
    }
  });
});
