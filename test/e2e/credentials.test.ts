// Private repositories: over ssh, by the operator's file, for submodules and dependencies; and what is seen of the credentials.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { newKey, SshServer } from '../support/ssh-server.js';

const SLOW = 90_000;
const PASSWORD = 'pa55-word+/@';
let koalaci: Koalaci;
let root: string;
let http: GitServer;
let ssh: SshServer;
let keyFile: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-git-'));
  http = await GitServer.start(root, PASSWORD);
  ssh = await SshServer.start(root);
  keyFile = join(root, 'key');
  await writeFile(keyFile, ssh.key, { mode: 0o600 });
});
afterAll(async () => {
  await ssh.stop();
  await http.stop();
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

const publish = (repo: string, name: string) => git(root, 'clone', '--quiet', '--bare', repo, name);

/** A repository with a submodule at public/lib, which has the file lib.txt. */
async function withSubmodule(name: string, address: string): Promise<void> {
  const lib = await repoOf('static', { 'lib.txt': 'from the submodule' });
  await rm(join(root, `${name}-lib.git`), { recursive: true, force: true });
  await publish(lib, `${name}-lib.git`);
  const main = await repoOf('static', {
    '.gitmodules': `[submodule "lib"]\n\tpath = public/lib\n\turl = ${address}\n`,
  });
  const sha = (await git(lib, 'rev-parse', 'HEAD')).stdout;
  await git(main, 'update-index', '--add', '--cacheinfo', `160000,${sha},public/lib`);
  await git(main, 'commit', '--quiet', '--message', 'a submodule');
  await publish(main, `${name}.git`);
}

const libOf = async (id: string) => (await filesIn(koalaci.artifact(id)))['lib/lib.txt'];

describe('a repository over ssh', () => {
  it(
    'is fetched with the key of the job, with its submodule; the host key is remembered, and a changed one refused',
    async () => {
      await withSubmodule('over-ssh', '../over-ssh-lib.git');
      const look =
        'cat /proc/*/cmdline /proc/*/environ 2>/dev/null | tr "\\0" "\\n"; ls -A /run/koala /tmp ~';
      const build = (id: string, more: string[] = []) =>
        koalaci.build(ssh.url('over-ssh.git'), { id, command: `${look}; ! ls /run/koala/given` }, [
          ...['--ssh-key-file', keyFile],
          ...more,
        ]);
      const first = await build('ssh-one');
      expect(first.exitCode, first.stdout + first.stderr).toBe(0);
      expect(await libOf('ssh-one')).toBe('from the submodule');
      expect(first.stdout).toMatch(/koalaci: the ssh host key of \[.*\]:\d+ is new here.*SHA256:/);
      const again = await build('ssh-two');
      expect(again.exitCode, again.stdout + again.stderr).toBe(0);
      expect(again.stdout).not.toContain('is new here');
      const recorded = String(await koalaci.redis?.contents());
      const secret = ssh.key.split('\n')[2] ?? '';
      expect(secret).toHaveLength(70);
      for (const place of [first.stdout, first.stderr, again.stdout, recorded])
        expect(place).not.toContain(secret);
      await ssh.changeHostKey();
      const changed = await build('ssh-changed', ['--no-cache']);
      expect(changed.exitCode).toBe(1);
      expect(changed.stderr).toMatch(/host key of .* is not the one that is known/);
      expect(changed.stderr).toContain('ssh-keygen -R');
      await rm(join(koalaci.home, 'known_hosts'));
    },
    SLOW,
  );

  it(
    'says what it needs without a key, and with a key that the server does not know',
    async () => {
      await publish(await repoOf('static'), 'no-key.git');
      const without = await koalaci.build(ssh.url('no-key.git'), { id: 'no-key' });
      expect(without.stderr).toContain(`no ssh key was given for ${ssh.host}`);
      expect(without.stderr).toContain('KOALACI_CREDENTIALS');
      const other = join(root, 'other-key');
      await newKey(other);
      const refused = await koalaci.build(ssh.url('no-key.git'), { id: 'bad-key' }, [
        '--ssh-key-file',
        other,
      ]);
      expect(refused.stderr).toContain('does not accept the ssh key');
    },
    SLOW,
  );
});
