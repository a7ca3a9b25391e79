// Failures as users meet them, staged through the real runner: the record has the cause, the lines that matter and whose fault it is,
// and the remedy works when it is typed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { commit, git, repoOf } from '../support/repo.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

interface Staged {
  name: string;
  files: Record<string, string>;
  manager?: string;
  command?: string;
  more?: string[];
  /** What the record says. */
  message: RegExp;
  remedy: RegExp;
  fault: string;
  extract: RegExp;
  /** What is done as the remedy says: with it, the build is READY. */
  done: { files?: Record<string, string>; more?: string[] };
}

const page = 'mkdir -p public && echo hi > public/index.html';

const STAGED: Staged[] = [
  {
    name: 'a variable that the job does not have',
    files: { 'build.js': "if (!process.env.API_URL) throw new Error('API_URL is not set');\n" },
    command: `node build.js && ${page}`,
    message: /wants a variable that it does not have: API_URL/,
    remedy: /--env API_URL=/,
    fault: 'job',
    extract: /API_URL is not set/,
    done: { more: ['--env', 'API_URL=https://example.org'] },
  },
  {
    name: 'a file that was not committed',
    files: { 'build.js': "require('./lib/menu');\n" },
    command: `node build.js && ${page}`,
    message: /there is no \.\/lib\/menu, which build\.js imports/,
    remedy: /commit the file/,
    fault: 'project',
    extract: /Cannot find module '\.\/lib\/menu'/,
    done: { files: { 'lib/menu.js': '\n' } },
  },
  {
    name: 'a Node that is too old for the code',
    files: { 'build.js': "require('node:sqlite');\n", '.nvmrc': '20\n' },
    command: `node build.js && ${page}`,
    message: /this version of Node does not have node:sqlite/,
    remedy: /node_version.*22 or 24/,
    fault: 'project',
    extract: /No such built-in module: node:sqlite/,
    done: { more: ['--node-version', '24'] },
  },
  {
    name: 'a lockfile that is out of step',
    files: {
      'package.json': '{ "name": "site", "version": "1.0.0", "dependencies": { "a": "file:./a" } }\n',
      'a/package.json': '{ "name": "a", "version": "1.0.0" }\n',
      'package-lock.json': JSON.stringify({
        ...{ name: 'site', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: { '': { name: 'site', version: '1.0.0' } },
      }),
    },
    manager: 'npm',
    command: page,
    message: /package-lock\.json is out of step with package\.json/,
    remedy: /npm install/,
    fault: 'project',
    extract: /^Missing: a@(?:file:a|1\.0\.0) from lock file$/m,
    done: {
      files: {
        'package-lock.json': JSON.stringify({
          ...{ name: 'site', version: '1.0.0', lockfileVersion: 3, requires: true },
          packages: {
            '': { name: 'site', version: '1.0.0', dependencies: { a: 'file:./a' } },
            a: { version: '1.0.0' },
            'node_modules/a': { resolved: 'a', link: true },
          },
        }),
      },
    },
  },
  {
    name: 'git history that was not fetched',
    files: {},
    more: ['--fetch-depth', '1', '--no-fetch-tags'],
    command: `git describe --tags && ${page}`,
    message: /git finds no such commit or tag/,
    remedy: /project_fetch/,
    fault: 'job',
    extract: /^fatal: No names found/,
    done: { more: ['--fetch-depth', '1000', '--fetch-tags'] },
  },
];

it.each(STAGED)(
  '$name',
  async ({ name, files, manager = 'none', command = page, more = [], done, ...says }) => {
    const id = `staged-${STAGED.findIndex((one) => one.name === name)}`;
    const repo = await repoOf('static', files);
    await git(repo, 'tag', 'v1');
    await commit(repo, { 'CHANGES.md': 'x\n' });
    const { exitCode, stderr } = await koalaci.build(repo, { id, manager, command }, more);
    expect(exitCode, stderr).toBe(1);
    const record = JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
    expect(record.message).toMatch(says.message);
    expect(record.remedy).toMatch(says.remedy);
    expect(record.fault).toBe(says.fault);
    expect(record.extract.length).toBeLessThanOrEqual(10);
    expect(record.extract.join('\n')).toMatch(says.extract);
    expect(stderr).toContain(`koalaci logs ${id} --failed`);
    if (done.files) await commit(repo, done.files);
    const again = await koalaci.build(repo, { id, manager, command }, done.more ?? more);
    expect(again.exitCode, again.stderr).toBe(0);
    const ready = JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
    expect(ready).not.toHaveProperty('extract');
  },
  5 * MINUTES,
);
