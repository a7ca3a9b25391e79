// Versions of Node and of package managers that have to be fetched first.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('the Node version', () => {
  it(
    'is for a range the one that a clean build gets, whatever earlier builds have fetched, which goes when it is of no use',
    async () => {
      const id = project('node-fetched');
      const repo = await repoOf('static');
      const command = '{ node --version; ls /koala/node; } >public/nodes';
      for (const [asked, got] of [
        ['22.11.0', '22.11.0'],
        ['<22.13', '20.'],
        ['22', '22.'],
      ] as const) {
        await commit(repo, { '.nvmrc': asked });
        const { exitCode, stderr } = await koalaci.build(repo, { id: 'fetched', project: id, command });
        expect(exitCode, stderr).toBe(0);
        expect(stderr).toContain(`node ${got}`);
        await saved(id);
      }
      const { nodes = '' } = await filesIn(koalaci.artifact('fetched', id));
      expect(nodes).toMatch(/^v22\./);
      expect(nodes).not.toContain('22.11.0');
    },
    3 * MINUTES,
  );

  it(
    'and those of the package managers are what mise and package.yaml say, and what corepack is told',
    async () => {
      const repo = await repoOf('static', {
        'mise.toml': '[tools]\nnode = "16"\n',
        'package.yaml': 'name: site\nprivate: true\npackageManager: pnpm@8.15.9 # ours\n',
        'other/package.json': JSON.stringify({ private: true, packageManager: 'yarn@3.6.0' }),
      });
      const command = `{ node --version; pnpm --version; npm --version; corepack pnpm@7.33.7 --version; cd other
        corepack enable; yarn --version; } >public/versions`;
      const { exitCode, stdout, stderr } = await koalaci.build(repo, {
        id: 'said',
        manager: 'auto',
        command,
      });
      expect(exitCode, stderr + stdout).toBe(0);
      expect(stderr).toMatch(
        /node 16\.[\d.]+ \(mise\.toml line 2: 16\), pnpm 8\.15\.9 \(package\.yaml line 3\)/,
      );
      // npm 9 is the last one that Node 16 can run.
      const { versions = '' } = await filesIn(koalaci.artifact('said'));
      expect(versions).toMatch(/^v16\.[\d.]+\n8\.15\.9\n9\.[\d.]+\n7\.33\.7\n(corepack: .*\n)?3\.6\.0\n$/);
    },
    3 * MINUTES,
  );

  it.each([
    { manager: 'npm', told: 'enable', version: '9.15.0' },
    { manager: 'auto', told: 'prepare pnpm@8.15.9 --activate', version: '8.15.9' },
  ])(
    'of a package manager is what corepack is told, also after the build has installed one: $told',
    async ({ manager, told, version }) => {
      const manifest = { name: 'x', private: true, packageManager: 'pnpm@9.15.0' };
      const repo = await repoOf('static', { 'package.json': JSON.stringify(manifest) });
      const command = `npm install --global corepack@latest && corepack ${told} && pnpm --version >public/version`;
      const id = `corepack-${manager}`;
      const { exitCode, stdout, stderr } = await koalaci.build(repo, { id, manager, command });
      expect(exitCode, stderr + stdout).toBe(0);
      expect((await filesIn(koalaci.artifact(id))).version).toBe(`${version}\n`);
    },
    3 * MINUTES,
  );
});
