// Which caches of tools a warm build finds, and that they are not shipped.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const manifest = (...names: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '*'])) });
const make = (paths: string[]) =>
  paths.map((path) => `mkdir -p $(dirname ${path}); echo 1 >${path}`).join(';');

it(
  'keeps caches of the packages that have the tool, and downloads, but nothing beside them',
  async () => {
    const id = project('per-package');
    const kept = ['apps/a/.cache/x', '~/.cache/Cypress/x', '/tmp/metro-cache/x'];
    const gone = [
      'apps/a/public/x',
      'apps/b/.cache/x',
      'apps/b/public/x',
      'apps/b/.svelte-kit/x',
      '~/.cache/x',
      '~/.cache/other/x',
      '/tmp/x',
    ];
    const repo = await repoOf('static', {
      'package.json': '{}',
      'apps/a/package.json': manifest('parcel-bundler'),
      'apps/b/package.json': manifest('@sveltejs/kit'),
    });
    const job = { id: 'per-package', project: id };
    await koalaci.build(repo, { ...job, command: make([...kept, ...gone]) });
    await saved(id);
    await commit(repo);
    const look = `ls -d ${[...kept, ...gone].join(' ')} 2>/dev/null >public/kept || true`;
    await koalaci.build(repo, { ...job, command: look });
    await saved(id);
    const found = (await filesIn(koalaci.artifact('per-package', id))).kept?.trim().split('\n') ?? [];
    const expected = kept.map((path) => path.replace('~', '/home/build'));
    expect(found.sort()).toEqual(expected.sort());
  },
  MINUTES,
);

it(
  'leaves no directory of packages for a cache that goes with them: npm would write a note into it',
  async () => {
    const id = project('emptied');
    const asking = (dependencies: object) =>
      JSON.stringify({ scripts: { postinstall: 'true' }, dependencies });
    const repo = await repoOf('static', { 'a/package.json': '{"name":"a","version":"1.0.0"}' });
    const command = `ls -A node_modules >public/installed || true; ${make(['node_modules/.cache/x'])}`;
    const installed = async (dependencies: object) => {
      await commit(repo, { 'package.json': asking(dependencies) });
      const job = { id: 'emptied', project: id, manager: 'npm', command };
      expect(await koalaci.build(repo, job)).toMatchObject({ exitCode: 0 });
      await saved(id);
      return (await filesIn(koalaci.artifact('emptied', id))).installed;
    };
    expect(await installed({ a: 'file:a' })).toBe('.package-lock.json\na\n');
    expect(await installed({})).toBe('');
  },
  MINUTES,
);

it(
  'drops what tools have made with other variables, at which they do not look',
  async () => {
    const id = project('blind');
    const repo = await repoOf('static', { 'package.json': manifest('next', 'turbo'), '.env': 'A=1\n' });
    const blind = ['node_modules/.cache/babel-loader/x', '.turbo/cache/x', '/tmp/metro-cache/00/x'];
    const kept = '.next/cache/swc/x';
    const look = `mkdir public/now; ls -d ${[kept, ...blind].join(' ')} 2>/dev/null >public/now/kept || true`;
    const found = async (files: Record<string, string>, env: string) => {
      await commit(repo, files);
      const job = { id: 'blind', project: id, command: `${look}; ${make([kept, ...blind])}` };
      expect(await koalaci.build(repo, job, ['--env', env])).toMatchObject({ exitCode: 0 });
      await saved(id);
      return (await filesIn(koalaci.artifact('blind', id)))['now/kept']?.trim().split('\n');
    };
    await found({ 'public/a': '1' }, 'X=one');
    expect(await found({ 'public/a': '2' }, 'X=one')).toEqual(expect.arrayContaining([kept, ...blind]));
    expect(await found({ 'public/a': '3' }, 'X=two')).toEqual([kept]);
    expect(await found({ '.env': 'A=2\n' }, 'X=two')).toEqual([kept]);
  },
  2 * MINUTES,
);

it(
  'keeps the pages that Astro has rendered as long as only the text of Markdown changes',
  async () => {
    const id = project('astro');
    const store = 'node_modules/.astro/data-store.json';
    const repo = await repoOf('static', { 'package.json': manifest('astro'), 'a.md': '1', 'b.js': '1' });
    const command = `test ! -e ${store} || echo store >public/kept; ${make([store])}`;
    const hasKept = async (files: Record<string, string>) => {
      await commit(repo, files);
      expect(await koalaci.build(repo, { id: 'astro', project: id, command })).toMatchObject({ exitCode: 0 });
      await saved(id);
      return 'kept' in (await filesIn(koalaci.artifact('astro', id)));
    };
    expect(await hasKept({})).toBe(false);
    expect(await hasKept({ 'a.md': '2' })).toBe(true);
    expect(await hasKept({ 'b.js': '2' })).toBe(false);
    expect(await hasKept({ 'a.md': '3' })).toBe(true);
    expect(await hasKept({ 'astro.config.mjs': 'import "./b.js"' })).toBe(false);
    expect(await hasKept({ 'a.md': '4' })).toBe(false);
  },
  2 * MINUTES,
);

it(
  'drops the cache in which a build has left a secret, says so, and keeps the others',
  async () => {
    const id = project('secret');
    const repo = await repoOf('static', { 'package.json': manifest('next', 'turbo') });
    const job = { id: 'secret', project: id };
    const hide = [
      'mkdir -p .next/cache/webpack .next/cache/swc .next/cache/plain .turbo/cache',
      'printf "of %s." "$TOKEN" >.next/cache/plain/x',
      'printf "of %s." "$TOKEN" | base64 -w 0 >.next/cache/webpack/x',
      'chmod 0 .next/cache/webpack/x',
      'echo nothing >.next/cache/swc/x; echo nothing >.turbo/cache/x',
    ];
    const env = ['--env', 'TOKEN=correct horse/battery'];
    await koalaci.build(repo, { ...job, command: hide.join('; ') }, env);
    await saved(id);
    await commit(repo);
    const look = 'ls -d .next/cache/* .turbo/cache/* >public/kept';
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { ...job, command: look }, env);
    expect(exitCode, stdout + stderr).toBe(0);
    const { kept } = await filesIn(koalaci.artifact('secret', id));
    expect(kept?.trim().split('\n')).toEqual(['.next/cache/swc', '.turbo/cache/x']);
    expect(stdout).toContain('.next/cache/webpack was not kept after the last build');
    await saved(id);
  },
  MINUTES,
);

it(
  'drops, above the limit, what no build has read for the longest time',
  async () => {
    const id = project('limit');
    const repo = await repoOf('static', { 'package.json': manifest('turbo') });
    const job = { id: 'limit', project: id };
    const limit = { KOALACI_TOOL_CACHE_LIMIT: '2m' };
    const entry = (name: string, year: number) =>
      `head -c 600K /dev/zero >.turbo/cache/${name}.tar.zst; touch -d ${year}-01-01 .turbo/cache/${name}.tar.zst`;
    const make = ['mkdir -p .turbo/cache', entry('a', 2001), entry('b', 2002), entry('c', 2003)];
    const commands = [
      make.join('; '),
      `cat .turbo/cache/a.tar.zst >/dev/null; ${entry('d', 2004)}`,
      'ls .turbo/cache >public/kept',
    ];
    for (const command of commands) {
      expect(await koalaci.build(repo, { ...job, command }, [], limit)).toMatchObject({ exitCode: 0 });
      await saved(id);
      await commit(repo);
    }
    const { kept } = await filesIn(koalaci.artifact('limit', id));
    expect(kept?.trim().split('\n')).toEqual(['a.tar.zst', 'c.tar.zst', 'd.tar.zst']);
  },
  2 * MINUTES,
);

it.each([
  ['1k', ''],
  ['1g', '/home/build/.npm/_cacache\n'],
])(
  'keeps downloads within their limit: %s',
  async (limit, kept) => {
    const id = project(`downloads-${limit}`);
    const repo = await repoOf('npm');
    const command = 'mkdir dist; ls -d ~/.npm/_cacache 2>/dev/null >dist/kept || true';
    const job = { id: 'downloads', project: id, manager: 'npm', dist: 'dist', command };
    for (const turn of [1, 2]) {
      await commit(repo, { turn: String(turn) });
      const env = { KOALACI_DOWNLOAD_CACHE_LIMIT: limit };
      expect(await koalaci.build(repo, job, [], env)).toMatchObject({ exitCode: 0 });
      await saved(id);
    }
    expect((await filesIn(koalaci.artifact('downloads', id))).kept).toBe(kept);
  },
  MINUTES,
);

it(
  'leaves a cache inside the dist directory out of what is shipped, and keeps it',
  async () => {
    const id = project('inside-dist');
    const repo = await repoOf('static', { 'package.json': manifest('next'), '.gitignore': '.next\n' });
    const job = { id: 'inside-dist', project: id, dist: '.next' };
    const paths = ['.next/cache/webpack/x', '.next/cache/fetch-cache/x', '.next/server/x', '.next/cached'];
    const command = `ls -d ${paths.join(' ')} 2>/dev/null || true; ${make(paths)}`;
    const shipped = async () => Object.keys(await filesIn(koalaci.artifact('inside-dist', id))).sort();
    const cold = await koalaci.build(repo, { ...job, command });
    expect(await shipped()).toEqual(['cache/fetch-cache/x', 'cached', 'server/x']);
    expect(cold.stdout).toContain('not shipped, because tools keep their caches there: .next/cache/webpack');
    await saved(id);
    await commit(repo);
    const warm = await koalaci.build(repo, { ...job, command });
    const found = warm.stdout.split('\n').filter((line) => paths.includes(line.trim()));
    expect(found).toEqual(['.next/cache/webpack/x']);
    expect(await shipped()).toEqual(['cache/fetch-cache/x', 'cached', 'server/x']);
    await saved(id);
  },
  MINUTES,
);
