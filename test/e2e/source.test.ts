// Sources over the network: credentials, submodules, what git sees in the project.
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { containersOf } from '../support/containers.js';
import { docker } from '../support/docker.js';
import { gate, openGate } from '../support/gate.js';
import { GitServer } from '../support/git-server.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { REFUSED } from '../support/refused.js';
import { commit, git, repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
const PASSWORD = 'pa55-word+/@';
let koalaci: Koalaci;
let root: string;
let server: GitServer;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-git-'));
  server = await GitServer.start(root, PASSWORD);
});
afterAll(async () => {
  await server.stop();
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

const publish = (repo: string, name: string) => git(root, 'clone', '--quiet', '--bare', repo, name);
const url = (name: string) => server.withPassword(name, encodeURIComponent(PASSWORD));

describe('a repository behind a password', () => {
  it(
    'is fetched, and the password is seen nowhere',
    async () => {
      await publish(await repoOf('static'), 'private.git');
      const look = 'cat /proc/*/cmdline /proc/*/environ 2>/dev/null | tr "\\0" "\\n" || true';
      const command = `git config --get remote.origin.url; ${look}; ${gate()}`;
      const building = koalaci.start(jobArgs(url('private.git'), { id: 'private', command }));
      await until(async () => (await koalaci.run(['logs', 'private'])).stdout.includes('begun'));
      const inspected = await docker('inspect', ...(await containersOf('private')));
      await openGate('private');
      const { exitCode, stdout, stderr } = await building;
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout).toContain(`${server.url}/private.git`);
      // Had the build seen it, the log would show that it was masked.
      expect(stdout).not.toContain('***');
      const recorded = String(await koalaci.redis?.contents());
      expect(recorded).toContain('private.git');
      for (const place of [inspected, stdout, stderr, recorded]) {
        expect(place).not.toContain(PASSWORD);
        expect(place).not.toContain(encodeURIComponent(PASSWORD));
      }
    },
    SLOW,
  );

  it(
    'is refused with words when the password is wrong',
    async () => {
      const { exitCode, stderr } = await koalaci.build(server.withPassword('private.git', 'wrong-one'), {
        id: 'wrong',
      });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('the repository refuses access');
    },
    SLOW,
  );
});

it(
  'submodules are checked out, with the same password',
  async () => {
    const lib = await repoOf('static', { 'lib.txt': 'from the submodule' });
    await publish(lib, 'lib.git');
    const main = await repoOf('static', {
      '.gitmodules': '[submodule "public/lib"]\n\tpath = public/lib\n\turl = ../lib.git\n',
    });
    const sha = (await git(lib, 'rev-parse', 'HEAD')).stdout;
    await git(main, 'update-index', '--add', '--cacheinfo', `160000,${sha},public/lib`);
    await git(main, 'commit', '--quiet', '--message', 'a submodule');
    await publish(main, 'main.git');
    const { exitCode, stdout, stderr } = await koalaci.build(url('main.git'), { id: 'submodule' });
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await filesIn(koalaci.artifact('submodule')))['lib/lib.txt']).toBe('from the submodule');
  },
  SLOW,
);

it(
  'source and build go through the proxy of the operator, whose password is seen nowhere',
  async () => {
    await publish(await repoOf('static'), 'proxied.git');
    const [address, secret] = [server.url.replace('//', '//ann:pr0xy-s3cret@'), 'pr0xy-s3cret'];
    const command = `[ "$http_proxy$HTTP_PROXY" = "${address}${address}" ]; echo "$http_proxy"; ${gate()}`;
    const nowhere = `http://git:${encodeURIComponent(PASSWORD)}@git.nowhere.invalid/proxied.git`;
    const building = koalaci.start(
      jobArgs(nowhere, { id: 'proxied', command: command.replaceAll(secret, 'pr0xy-"s"3cret') }),
      {
        env: { http_proxy: address },
      },
    );
    await until(async () => (await koalaci.run(['logs', 'proxied'])).stdout.includes('begun'));
    const inspected = await docker('inspect', ...(await containersOf('proxied')));
    await openGate('proxied');
    const { exitCode, stdout, stderr } = await building;
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain('//ann:***@');
    for (const place of [inspected, stdout, stderr]) expect(place).not.toContain(secret);
  },
  SLOW,
);

it(
  'a local clone that borrows its objects is built, warm and as git describes it, and so is a tag; without them, that is said',
  async () => {
    const repo = await repoOf('static');
    await git(repo, 'tag', '--annotate', '--message', 'one', 'v1');
    await commit(repo, { 'public/x': 'x' });
    const clone = `${repo}/.git/shared`;
    await git(repo, 'clone', '--quiet', '--shared', '.', clone);
    const command =
      'git describe --abbrev=0; git rev-list --count HEAD; git symbolic-ref -q HEAD || echo detached';
    for (const branch of ['main', 'refs/heads/main', 'refs/tags/v1']) {
      const { exitCode, stdout, stderr } = await koalaci.build(clone, { id: 'borrowed', command, branch });
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout).toContain(branch === 'refs/tags/v1' ? 'v1\n1\ndetached' : 'v1\n2\nrefs/heads/main');
    }
    await rename(`${repo}/.git/objects`, `${repo}/.git/elsewhere`);
    const { stderr } = await koalaci.build(clone, { id: 'borrowed', command });
    expect(stderr).toContain('borrows objects of another one, and some of them are not there');
  },
  SLOW,
);

it(
  'a local repository with a tag of an object that is gone, and the checkout of a submodule, are built',
  async () => {
    const repo = await repoOf('static');
    await git(repo, 'tag', 'v1');
    await git(repo, 'tag', '--annotate', '--message', 'lost', 'lost');
    const lost = (await git(repo, 'rev-parse', 'lost')).stdout;
    await rm(`${repo}/.git/objects/${lost.slice(0, 2)}/${lost.slice(2)}`);
    const command = 'git describe --tags';
    const first = await koalaci.build(repo, { id: 'lost-tag', command });
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^v1$/m);

    const above = await repoOf('static');
    const lib = await repoOf('static');
    await git(lib, 'tag', 'v2');
    await git(above, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib, 'libs/sub');
    const own = { id: 'submodule', project: project('submodule'), command };
    const second = await koalaci.build(`${above}/libs/sub`, own);
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(second.stdout).toMatch(/^v2$/m);
  },
  SLOW,
);

it(
  'git works in the project as in a clone, and cannot write the object store',
  async () => {
    const repo = await repoOf('static');
    const sha = await commit(repo, { 'public/x': 'x' });
    const command = `set -e; ${REFUSED}
    [ "$(git rev-parse HEAD)" = ${sha} ]; [ "$(git branch --show-current)" = main ]
    [ -z "$(git status --porcelain)" ]; git log -1 --format=%s
    git config core.hooksPath .hooks
    git -c user.name=a -c user.email=a@b commit --quiet --allow-empty --message mine
    for path in /koala/git/config /koala/git/hooks /koala/git/objects/x /koala/steps/lib.sh; do refused touch $path; done`;
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'git', command });
    expect(exitCode, stdout + stderr).toBe(0);
  },
  SLOW,
);
