// Repositories, submodules and files of LFS that cannot be fetched, by the form of the address and what is given for it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { GitServer } from '../../support/git-server.js';
import { pointerTo, storeLfs } from '../../support/lfs.js';
import { git, repoOf } from '../../support/repo.js';
import { newKey, SshServer } from '../../support/ssh-server.js';
import { type Scene, stage } from '../../support/stage.js';

const PASSWORD = 'pa55word';
let root: string;
let http: GitServer;
let ssh: SshServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'koala-git-'));
  http = await GitServer.start(root, PASSWORD);
  ssh = await SshServer.start(root);
});
afterAll(async () => {
  await ssh.stop();
  await http.stop();
  await rm(root, { recursive: true, force: true });
});

/** Copies a repository to the servers, and gives its address. */
const at = (address: () => string) => async (repo: string) => {
  await rm(join(root, 'site.git'), { recursive: true, force: true });
  await git(root, 'clone', '--quiet', '--bare', repo, 'site.git');
  return address();
};
const overHttp = at(() => `${http.url}/site.git`);
const withPassword = at(() => http.withPassword('site.git', PASSWORD));
const overSsh = at(() => ssh.url('site.git'));

/** The operator's file with this row, as a setting. */
async function operators(row: object) {
  const path = join(root, 'credentials.json');
  await writeFile(path, JSON.stringify([row]), { mode: 0o600 });
  return { KOALACI_CREDENTIALS: path };
}
const host = () => http.url.replace('http://', '');

const source = (scene: Omit<Scene, 'reason'>): Scene => ({ command: '', ...scene, reason: 'source_failed' });

stage({
  'a private repository over HTTP, without credentials': () =>
    source({
      published: overHttp,
      message: new RegExp(
        `^the repository refuses access: it needs credentials, and none were given for ${host()}$`,
      ),
      remedy: /^Put them into project_repo_url \(https:\/\/user:password@/,
      fault: 'job',
      extract: [/^fatal: could not read Username for/],
      done: { published: withPassword },
    }),
  'a private repository over HTTP, with a wrong password': () =>
    source({
      published: at(() => http.withPassword('site.git', 'wrong')),
      message: new RegExp(`^the repository refuses access: ${host()} does not accept the credentials$`),
      remedy: /^Check the credentials in project_repo_url/,
      fault: 'job',
      extract: [/^fatal: Authentication failed for/],
      done: { published: withPassword },
    }),
  'a private repository over ssh, without a key': async () =>
    source({
      published: overSsh,
      message: new RegExp(`^the repository needs ssh, and no ssh key was given for ${ssh.host}$`),
      remedy: /^Set project_ssh_key/,
      fault: 'job',
      // git's own words would say that the repository may not exist.
      extract: [],
      done: { job: { project_ssh_key: ssh.key } },
    }),
  'a private repository over ssh, with a key that the server does not know': async () =>
    source({
      published: overSsh,
      job: { project_ssh_key: await newKey(join(root, 'other')) },
      message: /does not accept the ssh key$/,
      remedy: /^Add its public key there/,
      fault: 'job',
      extract: [/Permission denied \(publickey/],
      done: { job: { project_ssh_key: ssh.key } },
    }),
  'a repository that there is not': () =>
    source({
      published: async () => http.withPassword('sight.git', PASSWORD),
      message: /^there is no repository at that address, or this job may not read it$/,
      remedy: /^Check project_repo_url/,
      fault: 'job',
      extract: [/^fatal: repository '.*' not found$/],
      done: { published: withPassword },
    }),
  'a branch that there is not': () =>
    source({
      published: withPassword,
      job: { project_branch: 'mian' },
      message: /^there is no branch or tag mian/,
      remedy: /^Did you mean main\?/,
      fault: 'job',
      extract: [],
      done: { job: { project_branch: 'main' } },
    }),
  'a submodule from a server that wants credentials': async () => {
    const lib = await repoOf('static', { 'lib.txt': 'of the submodule' });
    await git(root, 'clone', '--quiet', '--bare', lib, 'lib.git');
    const sha = (await git(lib, 'rev-parse', 'HEAD')).stdout;
    return source({
      files: { '.gitmodules': `[submodule "lib"]\n\tpath = public/lib\n\turl = ${http.url}/lib.git\n` },
      published: async (repo) => {
        await git(repo, 'update-index', '--add', '--cacheinfo', `160000,${sha},public/lib`);
        await git(repo, 'commit', '--quiet', '--allow-empty', '--message', 'a submodule');
        return repo;
      },
      message:
        /^the submodule public\/lib \(.*\) refuses access: it needs credentials, and none were given for/,
      remedy: /a row in KOALACI_CREDENTIALS/,
      fault: 'job',
      extract: [/./],
      done: { settings: await operators({ host: host(), user: 'git', password: PASSWORD }) },
    });
  },
  'a file whose content was not pushed to the LFS server': () => {
    let isPushed = false;
    return source({
      files: { '.gitattributes': '*.bin filter=lfs -text\n', 'public/a.bin': pointerTo('eucalyptus') },
      published: async (repo) => {
        const address = await withPassword(repo);
        if (isPushed) await storeLfs(join(root, 'site.git'), 'eucalyptus');
        isPushed = true;
        return address;
      },
      message:
        /^the LFS object [0-9a-f]{10} \(public\/a\.bin\) of the repository at .* is not on the server$/,
      remedy: /^Push it: git lfs push --all origin$/,
      fault: 'project',
      extract: [/./],
      done: {},
    });
  },
});
