// Files in Git LFS of private repositories: over ssh alone, from the server to which ssh gives access, and over HTTP.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { pointerTo, storeLfs } from '../support/lfs.js';
import { git, repoOf } from '../support/repo.js';
import { SshServer } from '../support/ssh-server.js';

const SLOW = 90_000;
const PASSWORD = 'pa55-word';
/** Named so that a path has a space in it. */
const FILES = { 'a b.bin': 'eucalyptus', 'c.bin': 'leaves' };
let koalaci: Koalaci;
let root: string;
let http: GitServer;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-lfs-'));
  http = await GitServer.start(root, PASSWORD);
});
afterAll(async () => {
  await http.stop();
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

/** Serves a repository whose files are in LFS, and stores what they contain. */
async function publish(
  name: string,
  contents: string[] = Object.values(FILES),
  more: Record<string, string> = {},
): Promise<void> {
  const pointers = Object.entries(FILES).map(([path, content]) => [`public/${path}`, pointerTo(content)]);
  const attributes = { '.gitattributes': '*.bin filter=lfs -text\n' };
  const repo = await repoOf('static', { ...Object.fromEntries(pointers), ...attributes, ...more });
  await git(root, 'clone', '--quiet', '--bare', repo, name);
  for (const content of contents) await storeLfs(join(root, name), content);
}

/** The operator's file with this row, as a setting. */
async function operators(row: object): Promise<{ KOALACI_CREDENTIALS: string }> {
  const path = join(root, 'credentials.json');
  await writeFile(path, JSON.stringify([row]), { mode: 0o600 });
  return { KOALACI_CREDENTIALS: path };
}

async function keyFileOf(ssh: SshServer): Promise<string> {
  const path = join(root, 'key');
  await writeFile(path, ssh.key, { mode: 0o600 });
  return path;
}

describe('a repository over ssh has its files', () => {
  it.each([
    ['over ssh alone', 'ssh'],
    ['from the server to which ssh gives access', 'http'],
  ])(
    '%s, with the key for its path, and nothing of that is found afterwards',
    async (_, form) => {
      await using ssh = await SshServer.start(root, { lfs: form === 'ssh' ? 'ssh' : http });
      await publish(`${form}.git`);
      const key = { host: ssh.host, path: form, ssh_key_file: await keyFileOf(ssh) };
      const token = Buffer.from(`git:${PASSWORD}`).toString('base64');
      const found = ['ls -d /tmp/sock-*', 'ls /run/koala/given', `grep -rF ${token} .git ~`, 'pgrep ssh'];
      const command = `! { ${found.join(' || ')}; }`;
      const env = await operators(key);
      const built = await koalaci.build(ssh.url(`${form}.git`), { id: form, command }, [], env);
      expect(built.exitCode, built.stdout + built.stderr).toBe(0);
      expect(await filesIn(koalaci.artifact(form))).toMatchObject(FILES);
    },
    SLOW,
  );
});

describe('an LFS object that cannot be had is named, with its address', () => {
  it.each([
    [
      'is not there, over ssh alone',
      'ssh',
      /the LFS object of the file public\/a b\.bin of .* cannot be had/,
    ],
    ['is not there', 'http', /the LFS object [0-9a-f]{10} \(public\/a b\.bin\) of .* is not on the server/],
    ['is not given over ssh', undefined, /\(public\/a b\.bin\) of .* does not give LFS objects/],
  ] as const)(
    'when it %s',
    async (_, form, message) => {
      const lfs = { ssh: 'ssh', http } as const;
      await using ssh = await SshServer.start(root, form ? { lfs: lfs[form] } : {});
      const name = `missing-${form}`;
      await publish(`${name}.git`, []);
      const key = ['--ssh-key-file', await keyFileOf(ssh)];
      const { stderr } = await koalaci.build(ssh.url(`${name}.git`), { id: name }, key);
      expect(stderr).toMatch(message);
      expect(stderr).toContain(`of the repository at ${ssh.url(`${name}.git`)} `);
    },
    SLOW,
  );

  it(
    'when .lfsconfig names a server that wants a password, and only an ssh key is there',
    async () => {
      await using ssh = await SshServer.start(root, { lfs: 'ssh' });
      const lfsconfig = `[lfs]\n\turl = ${http.url}/elsewhere.git/info/lfs\n`;
      await publish('elsewhere.git', [], { '.lfsconfig': lfsconfig });
      const key = ['--ssh-key-file', await keyFileOf(ssh)];
      const { stderr } = await koalaci.build(ssh.url('elsewhere.git'), { id: 'elsewhere' }, key);
      const host = http.url.replace('http://', '');
      expect(stderr).toContain(`needs a token or a password for the LFS server at ${host}`);
      expect(stderr).toContain(`Set a row for ${host} in KOALACI_CREDENTIALS`);
    },
    SLOW,
  );

  it(
    'over HTTP',
    async () => {
      await publish('missing-here.git', []);
      const env = await operators({
        host: http.url.replace('http://', ''),
        user: 'git',
        password: PASSWORD,
      });
      const { stderr } = await koalaci.build(`${http.url}/missing-here.git`, { id: 'http-missing' }, [], env);
      const where = `\\(public/a b\\.bin\\) of the repository at ${http.url}/missing-here.git`;
      expect(stderr).toMatch(
        new RegExp(`ERROR source_failed: the LFS object \\w+ ${where} is not on the server`),
      );
    },
    SLOW,
  );
});
