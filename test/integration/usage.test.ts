import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentId } from '../../src/job/identity.js';
import { connect } from '../../src/store/connect.js';
import { claim } from '../../src/store/jobs.js';
import { Koalaci, ROOT } from '../support/koalaci.js';
import { buildingRecord } from '../support/records.js';

let koalaci: Koalaci;
let path: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  path = await mkdtemp(join(tmpdir(), 'koala-path-'));
  await mkdir(join(path, 'site'));
  await symlink(join(ROOT, 'bin/koalaci.js'), join(path, 'koalaci'));
  const redis = await connect({ url: koalaci.redis?.url ?? '' });
  await claim(redis, buildingRecord({ deployment: 'site-41' as DeploymentId }), 60);
  redis.disconnect();
});

afterAll(async () => {
  await koalaci.close();
  await rm(path, { recursive: true, force: true });
});

describe('in bash, a tab', () => {
  /** What bash offers for words of a command line, of which the last one is not complete. */
  async function offered(...words: string[]): Promise<string[]> {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const script = [
      'source <(koalaci completion bash)',
      // Only where somebody types may the options of a completion be changed.
      'compopt() { :; }',
      `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _koalaci`,
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    const { stdout } = await execa('bash', ['-euc', script.join('\n')], {
      cwd: path,
      env: {
        PATH: `${path}:${process.env.PATH}`,
        KOALACI_HOME: koalaci.home,
        REDIS_URL: koalaci.redis?.url,
      },
    });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('completes commands and flags', async () => {
    expect(await offered('koalaci', 'stat')).toEqual(['status']);
    expect(await offered('koalaci', 'logs', '--fol')).toEqual(['--follow']);
    expect(await offered('koalaci', 'run', '--reuse', '=', 's')).toEqual(['same']);
  });

  it('completes deployments, projects and files', async () => {
    expect(await offered('koalaci', 'logs', 'si')).toEqual(['site-41']);
    expect(await offered('koalaci', 'cache', 'rm', '')).toEqual(['site']);
    expect(await offered('koalaci', 'verify', 's')).toEqual(['site-41', 'site']);
  });
});

describe('koalaci config', () => {
  it('shows where each setting comes from, and no secret', async () => {
    const { stdout } = await koalaci.run(['config', '--json'], { env: { KOALACI_TIMEOUT: '9m' } });
    const settings = new Map(JSON.parse(stdout).map((one: { name: string }) => [one.name, one]));
    expect(settings.get('KOALACI_TIMEOUT')).toMatchObject({ value: '9m', from: 'environment' });
    expect(settings.get('KOALACI_MEMORY')).toMatchObject({ value: '4g', from: 'default' });
    expect(settings.get('KOALACI_CALLBACK_SECRET')).toMatchObject({ value: null, from: 'default' });
    const stored = { value: '***', from: join(koalaci.home, 'config.json') };
    expect(settings.get('JWT_SECRET')).toMatchObject(stored);
    expect(settings.get('KOALACI_TOKEN')).toMatchObject(stored);
  });
});

describe('koalaci schema', () => {
  it.each([
    ['setting', ['config']],
    ['deployment', ['list']],
    ['deployment', ['status', 'site-41']],
  ])('describes what is printed: %s', async (name, args) => {
    const schema = JSON.parse((await koalaci.run(['schema', name])).stdout);
    const printed = [JSON.parse((await koalaci.run([...args, '--json'])).stdout)].flat();
    expect(printed.length).toBeGreaterThan(0);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const one of printed) expect([ajv.validate(schema, one), ajv.errors]).toEqual([true, null]);
  });
});

describe('koalaci help', () => {
  const help = (...words: string[]) => koalaci.run(['help', ...words]);

  it('explains a command with examples, and a topic', async () => {
    expect((await help('run')).stdout).toMatch(/Examples:\n {2}koalaci run \. [\s\S]*Required: project_id/);
    expect((await help('cache', 'prune')).stdout).toContain('koalaci cache prune --age 14d');
    expect((await help('exit-codes')).stdout).toContain('  124  timed out\n');
  });

  it('guesses what was meant', async () => {
    const { exitCode, stderr } = await help('exit-code');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('Did you mean "koalaci help exit-codes"?'),
    ]);
  });
});

describe('a mistake in what is typed', () => {
  it.each([
    ['a command', ['confg'], 'Did you mean config?'],
    ['a flag', ['list', '--limt', '3'], 'Did you mean --limit?'],
    ['a word of a field', ['run', '--package-manager', 'ymrn'], 'did you mean yarn?'],
    ['a shell', ['completion', 'bsh'], 'Did you mean bash?'],
  ])('is answered with what was meant: %s', async (_, args, words) => {
    const { exitCode, stderr } = await koalaci.run(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  it('in the JSON of a job is found by line and column', async () => {
    const { exitCode, stderr } = await koalaci.run(['run', '-'], { input: '{\n  "project_id": "site",\n}' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('line 3, column 1: a name')]);
  });
});

it('a second koalaci init says what is there and what to do, and is no failure', async () => {
  const { exitCode, stderr } = await koalaci.run(['init']);
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/already: "koalaci run \."[\s\S]*--force/)]);
});
