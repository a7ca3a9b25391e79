// How much of the history a build sees, and which tags: the same whether its store had more, less, or nothing.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { git } from '../../support/repo.js';
import { callSteps, STEPS } from '../../support/steps.js';

/** Fields of a job, by their names in the container. */
type Fields = Record<string, string>;

const FILES = ['protocol.sh', 'proxy.sh', 'history.sh', 'source.sh', 'repository.sh'];
/** What the rest of the container does; as in step::source. */
const FETCH = `
fact() { printf '%s=%s\\n' "$1" "$2" >>"$RUN/facts"; }
fail() { printf '%s\\n' "$@"; exit 1; }
as_tree() { :; }
WORKSPACE=\${RUN%/*}/workspace STATE=\${RUN%/*}/state
GIT_ENV=(GIT_ALLOW_PROTOCOL=file GIT_CONFIG_GLOBAL=/dev/null)
for pair; do JOB[\${pair%%=*}]=\${pair#*=}; done
previous='' on_branch=\${JOB[branch]}
if [[ -f $STORE/refs/koala/head ]]; then read -r previous <"$STORE/refs/koala/head"; fi
history::ask
source::fetch
history::list
printf '%s' "$on_branch" >"$RUN/on-branch"`;
const WRITE = `
repository::write "$(git --git-dir="$STORE" rev-parse 'refs/koala/head^{commit}')" "$(<"$1")" "$2"`;

/** A container's file system, as far as the step source knows it, in a directory of this machine. */
class Container {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<Container> {
    const root = await mkdtemp(join(tmpdir(), 'koala-history-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    for (const directory of ['steps', 'run', 'state', 'workspace']) await mkdir(join(root, directory));
    await git(root, 'init', '--quiet', '--bare', '--template=', 'git');
    for (const file of FILES) {
      const text = await readFile(join(STEPS, file), 'utf8');
      const here = text
        .replaceAll('/run/koala', join(root, 'run'))
        .replaceAll(/\/koala\/(git|state|source|borrowed)/g, `${root}/$1`)
        .replaceAll('/workspace', join(root, 'workspace'));
      await writeFile(join(root, 'steps', file), here);
    }
    return new Container(root);
  }

  /** Fetches, and returns what the step printed. */
  async fetch(url: string, fields: Fields = {}): Promise<{ exitCode: number | undefined; stdout: string }> {
    const job = { url, branch: 'main', local: '', ...fields };
    const words = Object.entries(job).map(([name, value]) => `${name}=${value}`);
    const from = join(this.#root, 'steps');
    const said = await callSteps(FILES.slice(0, 4), FETCH, { words, from });
    if (said.exitCode !== 0) return said;
    const written = await callSteps(['repository.sh'], WRITE, {
      ...{ from, at: join(this.#root, 'workspace') },
      words: [join(this.#root, 'run/on-branch'), url],
    });
    expect(written).toEqual({ exitCode: 0, stdout: '' });
    return said;
  }

  /** Drops what the project does not get, as settling does. Returns the KiB that are left. */
  async repack(): Promise<number> {
    const script = 'history::repack && du -sk "$STORE/objects" | cut -f 1';
    const said = await callSteps(FILES.slice(0, 4), script, { words: [], from: join(this.#root, 'steps') });
    return Number(said.stdout);
  }

  /** What git says in the project. */
  async says(command: string): Promise<string> {
    const { stdout, stderr } = await execa('bash', ['-c', command], {
      cwd: join(this.#root, 'workspace'),
      env: { GIT_CONFIG_GLOBAL: '/dev/null' },
      reject: false,
    });
    return stdout + stderr;
  }

  /** All that a build command could find out about the history. */
  async knows(): Promise<string> {
    return this.says(`git log --format='%h %s %D'; git tag --list --format='%(refname) %(objecttype) %(*objecttype)'
      git describe; git describe --tags --always; git branch --show-current; git rev-parse --is-shallow-repository
      git show-ref; git status --porcelain --branch | head -n 1; cat .git/shallow; git fsck --connectivity-only --no-dangling`);
  }
}

/** A repository with some commits on main, and the address of it. */
async function origin(commits: number, ...init: string[]): Promise<{ path: string; url: string }> {
  const path = await mkdtemp(join(tmpdir(), 'koala-origin-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  await git(path, 'init', '--quiet', '--initial-branch', 'main', ...init);
  await grow(path, commits);
  return { path, url: `file://${path}` };
}

let grown = 0;
async function grow(path: string, commits: number, branch = 'main'): Promise<void> {
  const from = (await git(path, 'rev-parse', '--quiet', '--verify', branch).catch(() => undefined))?.stdout;
  const stream = Array.from({ length: commits }, (_, at) => {
    const number = ++grown;
    const parent = at === 0 && from ? `from ${from}\n` : '';
    return `commit refs/heads/${branch}\ncommitter t <t@localhost> ${1_700_000_000 + number} +0000\ndata <<END\nc${number}\nEND\n${parent}M 100644 inline file\ndata <<END\n${number}\nEND\n`;
  });
  await execa('git', ['fast-import', '--quiet'], { cwd: path, input: stream.join('\n') });
}

describe('without a word about it', () => {
  it('a build has the history of a small repository, with its tags', async () => {
    const { path, url } = await origin(3);
    await git(path, 'tag', '--annotate', '--message', 'one', 'v1', 'main~1');
    await git(path, 'tag', 'light', 'main~2');
    const build = await Container.open();
    expect(await build.fetch(url)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await build.says('git rev-list --count HEAD; git tag; git describe --abbrev=0')).toBe(
      '3\nlight\nv1\nv1',
    );
  });

  it('the history of a large one ends somewhere, the log says so, and git fetch --unshallow gets the rest', async () => {
    const { path, url } = await origin(60);
    await git(path, 'tag', 'old', 'main~55');
    const build = await Container.open();
    expect((await build.fetch(url)).stdout).toContain('50 commits back; project_fetch can ask for more');
    expect(await build.says('git rev-list --count HEAD; git tag')).toBe('50');
    const unshallow =
      'git fetch --quiet --unshallow --tags origin && git rev-list --count HEAD && git describe --tags';
    expect(await build.says(unshallow)).toMatch(/^60\nold-55-/);
  });

  it('git fetch --unshallow works where there is no more, too', async () => {
    const { path, url } = await origin(2);
    await git(path, 'tag', '--annotate', '--message', 'one', 'v1');
    const build = await Container.open();
    await build.fetch(url);
    expect(await build.says('git fetch --quiet --unshallow --tags origin && git describe')).toBe('v1');
  });

  it('large files of older commits stay at the remote, and those of the commit itself do not', async () => {
    const { path, url } = await origin(1);
    await git(path, 'config', 'uploadpack.allowFilter', 'true');
    await git(path, 'checkout', '--quiet', 'main');
    const build = await Container.open();
    const film = async (letter: string) => {
      await writeFile(join(path, 'film'), randomBytes(2 * 1024 ** 2));
      await writeFile(join(path, 'letter'), letter);
      await git(path, 'add', '--all');
      await git(path, 'commit', '--quiet', '--message', letter);
      expect(await build.fetch(url)).toMatchObject({ exitCode: 0, stdout: '' });
    };
    for (const letter of ['a', 'b', 'c', 'd']) await film(letter);
    expect(await build.repack()).toBeLessThan(3 * 1024);
    await film('e');
    await git(path, 'reset', '--hard', '--quiet', 'HEAD~1');
    await build.fetch(url);
    expect(
      await build.says('git rev-list --count HEAD; git show HEAD~2:letter; git show HEAD~2:film | wc -c'),
    ).toBe('5\nb2097152');
    await rename(path, `${path}-gone`);
    onTestFinished(() => rm(`${path}-gone`, { recursive: true, force: true }));
    expect(await build.says('git show HEAD:film | wc -c; git show HEAD~1:letter')).toBe('2097152\nc');
  });

  it('a tag is checked out as a tag', async () => {
    const { path, url } = await origin(2);
    await git(path, 'tag', '--annotate', '--message', 'one', 'v1', 'main~1');
    const build = await Container.open();
    await build.fetch(url, { branch: 'v1' });
    expect(
      await build.says(
        'git describe; git rev-parse --abbrev-ref HEAD; git rev-parse v1^0 HEAD | uniq | wc -l',
      ),
    ).toBe('v1\nHEAD\n1');
  });

  it('a branch wins over a tag of its name, unless the tag is meant', async () => {
    const { path, url } = await origin(2);
    await git(path, 'branch', 'same', 'main');
    await git(path, 'tag', 'same', 'main~1');
    const build = await Container.open();
    await build.fetch(url, { branch: 'same' });
    expect(await build.says('git rev-list --count HEAD; git branch --show-current')).toBe('2\nsame');
    await build.fetch(url, { branch: 'same', is_tag: '1' });
    expect(await build.says('git rev-list --count HEAD; git branch --show-current')).toBe('1');
  });
});

it.each([
  ['as deep as was asked for', { fetch_depth: '2' }, '2\nv5'],
  ['whole', { fetch_depth: '0' }, '60\nold\nside\nv5'],
  ['whole without tags', { fetch_depth: '0', fetch_tags: '0' }, '60'],
  ['with the tags of the commit alone', { fetch_tags: '0' }, '50'],
  ['with all tags, each as deep', { fetch_depth: '2', fetch_tags: '1' }, '3\nold\nside\nv5'],
])('the history is %s', async (_, fields, known) => {
  const { path, url } = await origin(60);
  await git(path, 'tag', 'old', 'main~58');
  await git(path, 'tag', '--annotate', '--message', 'five', 'v5', 'main~1');
  await git(path, 'branch', 'side', 'main~50');
  await grow(path, 1, 'side');
  await git(path, 'tag', '--annotate', '--message', 'side', 'side', 'side');
  await git(path, 'branch', '--delete', '--force', 'side');
  const build = await Container.open();
  expect((await build.fetch(url, fields)).exitCode).toBe(0);
  expect(await build.says('git rev-list --count HEAD; git tag')).toBe(known);
});

/** What happens between builds, and how the next one fetches. */
const HISTORY: [name: string, change: (path: string) => Promise<unknown>, fields?: Fields][] = [
  ['the first build', async () => {}],
  ['a commit', (path) => grow(path, 1)],
  ['a tag on an older commit', (path) => git(path, 'tag', '--annotate', '--message', 'two', 'v2', 'main~5')],
  ['many commits', (path) => grow(path, 60)],
  ['the whole history', async () => {}, { fetch_depth: '0' }],
  ['less of it', async () => {}, { fetch_depth: '3' }],
  ['no word about it', async () => {}],
  [
    'a tag that has moved',
    (path) => git(path, 'tag', '--force', '--annotate', '--message', 'x', 'v2', 'main~7'),
  ],
  ['all tags', async () => {}, { fetch_tags: '1' }],
  ['a tag that is gone', (path) => git(path, 'tag', '--delete', 'light')],
  ['all tags, of which one is gone', (path) => git(path, 'tag', '--delete', 'v2'), { fetch_tags: '1' }],
  ['a tag as a folder of tags', (path) => git(path, 'tag', 'v2/x', 'main'), { fetch_tags: '1' }],
  ['a branch that was set back', (path) => git(path, 'reset', '--hard', '--quiet', 'main~10')],
  [
    'another history',
    (path) => git(path, 'branch', '--force', 'main2', 'main~40').then(() => grow(path, 45, 'main2')),
    { branch: 'main2' },
  ],
  ['a merge', (path) => git(path, 'merge', '--quiet', '--no-edit', '--strategy', 'ours', 'main2')],
  ['a tag', async () => {}, { branch: 'v2/x' }],
  ['only the commit', async () => {}, { fetch_depth: '1', fetch_tags: '0' }],
];

it('a warm build knows what a clean one knows, after each change', async () => {
  const { path, url } = await origin(30);
  await git(path, 'tag', 'light', 'main~3');
  const warm = await Container.open();
  for (const [name, change, fields] of HISTORY) {
    await change(path);
    const clean = await Container.open();
    const said = await clean.fetch(url, fields);
    expect({ name, ...(await warm.fetch(url, fields)) }).toEqual({ name, ...said });
    expect(said.exitCode, said.stdout).toBe(0);
    expect(`${name}: ${await warm.knows()}`).toBe(`${name}: ${await clean.knows()}`);
  }
}, 60_000);

it('a repository with SHA-256 is built, and one that becomes one or ceases to be one', async () => {
  const [old, other] = [await origin(2), await origin(3, '--object-format=sha256')];
  await git(other.path, 'tag', '--annotate', '--message', 'one', 'v1', 'main~1');
  const build = await Container.open();
  const count = () => build.says('git rev-list --count HEAD; git describe --always --abbrev=0');
  await build.fetch(old.url);
  const turned = await build.fetch(other.url);
  expect(turned).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('have other names now (sha256)'),
  });
  expect(await count()).toBe('3\nv1');
  const commit = (await git(other.path, 'rev-parse', 'main')).stdout;
  expect(await build.fetch(other.url, { commit })).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await count()).toBe('3\nv1');
  const clean = await Container.open();
  await clean.fetch(other.url, { commit });
  expect(await clean.knows()).toBe(await build.knows());
  await build.fetch(old.url);
  expect(await build.says('git rev-list --count HEAD')).toBe('2');
});

it.each([
  ['a branch', { branch: 'none' }, 'there is no branch or tag none'],
  ['a tag', { branch: 'main', is_tag: '1' }, 'there is no tag main'],
  ['a commit', { commit: 'f'.repeat(64) }, `there is no commit ${'f'.repeat(64)}`],
])('%s that is not there is named', async (_, fields, words) => {
  const { url } = await origin(1);
  const said = await (await Container.open()).fetch(url, fields);
  expect(said.exitCode).toBe(1);
  expect(said.stdout).toContain(words);
});

it('a shallow clone gives what it has', async () => {
  const { path } = await origin(9);
  await git(path, 'tag', '--annotate', '--message', 'one', 'v1');
  const clone = `${path}/.git/clone`;
  await git(path, 'clone', '--quiet', '--depth', '3', `file://${path}`, clone);
  const build = await Container.open();
  expect((await build.fetch(`file://${clone}`)).exitCode).toBe(0);
  expect(await build.says('git rev-list --count HEAD; git describe')).toBe('3\nv1');
  expect((await build.fetch(`file://${clone}`, { fetch_depth: '0' })).stdout).toContain(
    'is a shallow clone itself',
  );
  expect(await build.says('git rev-list --count HEAD; git describe')).toBe('3\nv1');
});
