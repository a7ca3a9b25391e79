// What an install made, in warm builds: as a clean build would have it.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { dependsOn, vendor, vendored } from '../support/vendored.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Builds the branch main of a repository again and again, each time warm from the last one. */
function builder(repo: string, name: string, fields: { command: string; manager?: string; dist?: string }) {
  const id = project(name);
  return async (more: string[] = [], changed: Partial<typeof fields> = {}) => {
    const job = { manager: 'npm', dist: 'dist', id: name, project: id, ...fields, ...changed };
    const { exitCode, stdout, stderr } = await koalaci.build(repo, job, more);
    expect(exitCode, stdout + stderr).toBe(0);
    await saved(id);
    const install = /– install/.test(stderr) ? 'skipped' : 'done';
    return { install, stdout, files: await filesIn(koalaci.artifact(name, id)) };
  };
}

it(
  'install scripts that yarn berry refuses to run are in the log and the record, of a skipped install too',
  async () => {
    const packed = [
      vendored('worker', {}, { postinstall: 'exit 1' }),
      vendored('off', {}, { install: 'exit 1' }),
    ];
    const dependencies = Object.fromEntries(packed.map(({ name }) => [name, `file:./${name}.tgz`]));
    const manifest = { name: 'x', private: true, dependencies, dependenciesMeta: { off: { built: false } } };
    const repo = await repoOf('static', {
      'package.json': JSON.stringify(manifest),
      '.yarnrc.yml': 'enableScripts: false\nnodeLinker: node-modules\n',
    });
    await vendor(repo, packed);
    await commit(repo);
    const build = builder(repo, 'berry-refused', { command: '', manager: 'yarn', dist: 'public' });
    for (const install of ['done', 'skipped']) {
      const built = await build();
      expect(built.install).toBe(install);
      expect(built.stdout).toContain('install scripts that did not run: off, worker (');
      const { stdout } = await koalaci.run(['status', 'berry-refused', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ refused_scripts: ['off', 'worker'] });
      expect(built.stdout.match(/YN0000: · Done/g) ?? []).toHaveLength(install === 'done' ? 1 : 0);
    }
  },
  3 * MINUTES,
);

describe('what install scripts make', () => {
  it(
    'outside node_modules stays as long as the install is skipped, and goes with it',
    async () => {
      const worker = vendored('worker', {}, { postinstall: 'echo worker >$INIT_CWD/public/worker.js' });
      const repo = await repoOf('static', {
        ...dependsOn([worker], {
          postinstall: 'mkdir -p made/sub; echo own >made/sub/own; echo more >>readme',
        }),
        readme: 'one\n',
        '.gitignore': 'node_modules\nmade\n',
      });
      await vendor(repo, [worker]);
      await commit(repo);
      const command =
        'mkdir dist; cp -r made/* public/worker.js readme dist/; touch made/sub/left; rm -r made/sub/own';
      const build = builder(repo, 'outputs', { command });
      const wanted = { 'sub/own': 'own\n', 'worker.js': 'worker\n', readme: 'one\nmore\n' };
      expect((await build()).files).toMatchObject(wanted);
      const second = await build();
      expect(second).toMatchObject({ install: 'skipped', files: wanted });
      expect(Object.keys(second.files)).not.toContain('sub/left');
      await commit(repo, { ...dependsOn([worker]), 'other.txt': '' });
      const last = await build([], { command: 'mkdir dist; ls >dist/ls; cp readme dist/' });
      expect(last.files.readme).toBe('one\n');
      expect(last.files.ls).not.toContain('made');
    },
    3 * MINUTES,
  );

  it(
    'in the home is in no snapshot if it holds a secret: the next install starts from nothing',
    async () => {
      const repo = await repoOf('static', dependsOn([], { postinstall: 'echo "token=$TOOL_RC" >~/.toolrc' }));
      const build = builder(repo, 'home-secret', { command: 'mkdir dist; cp ~/.toolrc dist/' });
      // Neither the name nor the value looks like a secret: then it may be shipped.
      const env = ['--env', 'TOOL_RC=t0ken-of-a-tool'];
      const files = { '.toolrc': 'token=t0ken-of-a-tool\n' };
      expect(await build(env)).toMatchObject({ install: 'done', files });
      await commit(repo, { 'other.txt': '' });
      expect(await build(env)).toMatchObject({ install: 'done', files });
      const [id = ''] = Object.values(await snapshotsOf(project('home-secret')));
      const look = [
        '--entrypoint',
        'grep',
        id,
        '-rl',
        't0ken-of-a-tool',
        '/home',
        '/koala/state',
        '/workspace',
      ];
      const found = await docker('run', '--rm', '--label', 'koalaci.test=1', ...look).catch(() => 'nothing');
      expect(found).toBe('nothing');
    },
    2 * MINUTES,
  );

  it(
    'is made again when a file that they read, a name beside them, or a variable changes, and only then',
    async () => {
      const make =
        'node -e \'require("fs").writeFileSync("made.js", "module.exports=" + JSON.stringify(require("fs").readFileSync(process.env.INIT_CWD + "/schema.txt", "utf8").trim() + (process.env.FLAG ?? "")))\'';
      const gen = vendored(
        'gen',
        { 'index.js': "module.exports = require('./made.js')" },
        { postinstall: make },
      );
      const repo = await repoOf('static', { ...dependsOn([gen]), 'schema.txt': 'one', 'src/a.js': '1' });
      await vendor(repo, [gen]);
      await commit(repo);
      const build = builder(repo, 'reads', {
        command: 'mkdir dist; node -p "require(\'gen\')" >dist/gen',
      });
      const built = async (files: Record<string, string>, more: string[] = []) => {
        await commit(repo, files);
        const { install, files: made } = await build(more);
        return [install, made.gen?.trim()];
      };
      expect(await built({})).toEqual(['done', 'one']);
      expect(await built({ 'src/a.js': '2', 'src/b.js': '' })).toEqual(['skipped', 'one']);
      expect(await built({ 'schema.txt': 'two' })).toEqual(['done', 'two']);
      expect(await built({ 'schema.json': '' })).toEqual(['done', 'two']);
      expect(await built({}, ['--env', 'FLAG=!'])).toEqual(['done', 'two!']);
      expect(await built({})).toEqual(['done', 'two']);
      // Only npm itself would read this, but a script's own files must be as if it had run now.
      const other = vendored('other', {});
      await vendor(repo, [other]);
      expect(await built({ ...dependsOn([gen, other]), 'schema.txt': 'three' })).toEqual(['done', 'three']);
    },
    4 * MINUTES,
  );
});

it(
  'what a build did to its dependencies is undone',
  async () => {
    const lib = vendored('lib', { 'index.js': 'one\n', 'gone.js': 'here\n' });
    const repo = await repoOf('static', dependsOn([lib]));
    await vendor(repo, [lib]);
    await commit(repo);
    const command = `mkdir dist; cat node_modules/lib/index.js >dist/lib; ls node_modules/lib >dist/ls
      echo more >>node_modules/lib/index.js; rm node_modules/lib/gone.js; echo new >node_modules/lib/new.js
      chmod 600 node_modules/lib/package.json; chmod 700 node_modules`;
    const build = builder(repo, 'edits', { command });
    const wanted = { lib: 'one\n', ls: 'gone.js\nindex.js\npackage.json\n' };
    expect(await build()).toMatchObject({ install: 'done', files: wanted });
    expect(await build()).toMatchObject({ install: 'done', files: wanted });
    // Now it is known what builds change, and restored.
    expect(await build()).toMatchObject({ install: 'skipped', files: wanted });
    expect(await build()).toMatchObject({ install: 'skipped', files: wanted });
  },
  2 * MINUTES,
);

describe('what is no longer asked for', () => {
  it(
    'is gone: a dependency, all dependencies, the package manager',
    async () => {
      const [a, b] = [vendored('a', {}), vendored('b', {})];
      const repo = await repoOf('static', dependsOn([a, b]));
      await vendor(repo, [a, b]);
      await commit(repo);
      const build = builder(repo, 'asked', { command: 'mkdir dist; ls node_modules >dist/ls || true' });
      expect((await build()).files.ls).toBe('a\nb\n');
      await commit(repo, dependsOn([a]));
      expect((await build()).files.ls).toBe('a\n');
      await commit(repo, dependsOn([]));
      expect((await build()).files.ls).toBe('');
      await commit(repo, dependsOn([a]));
      expect((await build()).files.ls).toBe('a\n');
      expect((await build([], { manager: 'none' })).files.ls).toBe('');
    },
    3 * MINUTES,
  );

  it(
    'is gone with its workspace',
    async () => {
      const member = (name: string) => JSON.stringify({ name, version: '1.0.0' });
      const repo = await repoOf('static', {
        'package.json': JSON.stringify({ name: 'root', private: true }),
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
        'packages/a/package.json': JSON.stringify({ name: 'a', dependencies: { lib: 'workspace:*' } }),
        'packages/b/package.json': JSON.stringify({ name: 'b', dependencies: { lib: 'workspace:*' } }),
        'packages/lib/package.json': member('lib'),
        'pnpm-lock.yaml': pnpmLock(['packages/a', 'packages/b']),
      });
      const build = builder(repo, 'member', { command: 'mkdir dist; ls packages >dist/ls', manager: 'pnpm' });
      expect((await build()).files.ls).toBe('a\nb\nlib\n');
      await rm(join(repo, 'packages/b'), { recursive: true });
      await commit(repo, { 'pnpm-lock.yaml': pnpmLock(['packages/a']) });
      expect((await build()).files.ls).toBe('a\nlib\n');
    },
    2 * MINUTES,
  );
});

it.each(['npm', 'pnpm', 'bun', 'yarn'])(
  'a directory that %s copies out of the repository is copied again when it changes',
  async (manager) => {
    const repo = await repoOf('static', {
      ...COPIES[manager],
      'package.json': JSON.stringify({ name: 'x', private: true, dependencies: { lib: 'file:./lib' } }),
      'lib/package.json': JSON.stringify({ name: 'lib', version: '1.0.0', main: 'index.js' }),
      'lib/index.js': 'module.exports = 1',
      'other.txt': 'one',
    });
    const build = builder(repo, `copies-${manager}`, {
      command: 'mkdir dist; node -p "require(\'lib\')" >dist/lib',
      manager,
    });
    expect((await build()).files.lib).toBe('1\n');
    await commit(repo, { 'other.txt': 'two' });
    expect((await build()).install).toBe('skipped');
    await commit(repo, { 'lib/index.js': 'module.exports = 2' });
    expect((await build()).files.lib).toBe('2\n');
  },
  2 * MINUTES,
);

it(
  'peer dependencies alone are dependencies',
  async () => {
    const lib = vendored('lib', { 'index.js': 'module.exports = 1' });
    const files = dependsOn([lib]);
    const asPeers = (text = '') => text.replace('"dependencies"', '"peerDependencies"');
    const repo = await repoOf('static', {
      'package.json': asPeers(files['package.json']),
      'package-lock.json': asPeers(files['package-lock.json']),
    });
    await vendor(repo, [lib]);
    await commit(repo);
    const build = builder(repo, 'peers', { command: 'mkdir dist; node -p "require(\'lib\')" >dist/lib' });
    expect((await build()).files.lib).toBe('1\n');
  },
  MINUTES,
);

/** A lockfile of a workspace whose members depend on its member lib. */
function pnpmLock(members: string[]): string {
  const importers = members.map(
    (path) =>
      `  ${path}:\n    dependencies:\n      lib:\n        specifier: workspace:*\n        version: link:../lib\n\n`,
  );
  return `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {}\n\n${importers.join('')}  packages/lib: {}\n`;
}

/** The lockfiles of a project that depends on its directory lib, which each of these copies. */
const COPIES: Record<string, Record<string, string>> = {
  npm: {
    '.npmrc': 'install-links=true\n',
    'package-lock.json': JSON.stringify({
      ...{ name: 'x', lockfileVersion: 3, requires: true },
      packages: {
        '': { name: 'x', dependencies: { lib: 'file:./lib' } },
        'node_modules/lib': { version: '1.0.0', resolved: 'file:lib' },
      },
    }),
  },
  yarn: { 'yarn.lock': '# yarn lockfile v1\n\n\n"lib@file:./lib":\n  version "1.0.0"\n' },
  bun: {
    'bun.lock':
      '{"lockfileVersion":1,"workspaces":{"":{"name":"x","dependencies":{"lib":"file:./lib"}}},"packages":{"lib":["lib@file:lib",{}]}}\n',
  },
  pnpm: {
    'pnpm-lock.yaml': `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      lib:
        specifier: file:./lib
        version: file:lib

packages:

  lib@file:lib:
    resolution: {directory: lib, type: directory}

snapshots:

  lib@file:lib: {}
`,
  },
};
