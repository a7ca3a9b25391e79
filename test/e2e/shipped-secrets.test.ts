// Secrets in what is to be shipped: what ends a build, and what is only told.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { GitServer } from '../support/git-server.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { git, repoOf } from '../support/repo.js';

const SLOW = 60_000;
const PASSWORD = 'pa55-word+/@';
const KEY = 'tok-9f86d081884c';
let koalaci: Koalaci;
let root: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-shipped-'));
});
afterAll(async () => {
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

it(
  'ends the build where a secret is, names the variable, the file and the line, and leaves what was shipped before',
  async () => {
    const repo = await repoOf('static');
    const job = { id: 'leak', command: 'echo fine >public/app.js' };
    expect(await koalaci.build(repo, job)).toMatchObject({ exitCode: 0 });
    const command = '{ seq 20000; printf "x = %s;" "$API_KEY"; } >public/app.js';
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'leak', command }, [
      '--env',
      `API_KEY=${KEY}`,
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      'ERROR secret_in_artifact: a secret is in what was to be shipped: API_KEY (app.js, line 20001), in step artifact',
    );
    expect(stdout + stderr).not.toContain(KEY);
    expect(await filesIn(koalaci.artifact('leak'))).toMatchObject({ 'app.js': 'fine\n' });
    const record = JSON.parse((await koalaci.run(['status', 'leak', '--json'])).stdout);
    expect(record).toMatchObject({
      status: 'ERROR',
      reason: 'secret_in_artifact',
      last_artifact: expect.anything(),
    });
  },
  SLOW,
);

it(
  'ships what is public by its name, by the job, or by a tracked file, and tells of what only may be secret',
  async () => {
    const repo = await repoOf('static', { 'docs/example.md': `Use ${KEY} as your key.\n` });
    const env = {
      API_KEY: KEY,
      NEXT_PUBLIC_KEY: 'known-to-all-1',
      MAP_KEY: 'known-to-all-2',
      TITLE: 'Eucalyptus',
    };
    const job = payloadOf({
      ...{
        project_id: PROJECT,
        deployment_id: 'open',
        project_repo_url: repo,
        project_dist_directory: 'public',
      },
      project_build_command: 'env >public/env.txt',
      ...{ env, public_env: ['MAP_KEY'] },
    });
    const file = join(root, 'job.json');
    await writeFile(file, JSON.stringify(job));
    const { exitCode, stdout, stderr } = await koalaci.run(['run', file]);
    expect(exitCode, stderr).toBe(0);
    const told = /public_env does not name: (.*)/.exec(stdout)?.[1] ?? '';
    expect(told).toMatch(
      /^API_KEY \(env\.txt, line \d+; also in a tracked file\), TITLE \(env\.txt, line \d+\)$/,
    );
    const other = { ...job, deployment_id: 'closed', env: { ...env, DB_PASSWORD: 'other-than-that' } };
    await writeFile(file, JSON.stringify(other));
    expect((await koalaci.run(['run', file])).stderr).toMatch(
      'a secret is in what was to be shipped: DB_PASSWORD (env',
    );
    expect(await koalaci.run(['run', file], { env: { KOALACI_SECRET_SCAN: 'warn' } })).toMatchObject({
      exitCode: 0,
    });
  },
  SLOW,
);

it(
  'finds what the build has fetched its source with, however it came there',
  async () => {
    const server = await GitServer.start(root, PASSWORD);
    try {
      await git(root, 'clone', '--quiet', '--bare', await repoOf('static'), 'site.git');
      const command = `printf %s 'Authorization: Basic git:${PASSWORD}' | base64 >public/config`;
      const url = server.withPassword('site.git', encodeURIComponent(PASSWORD));
      const { stderr } = await koalaci.build(url, { id: 'fetched', command });
      expect(stderr).toMatch(/secret_in_artifact: a secret is in .*: project_repo_url \(config, line 1\)/);
    } finally {
      await server.stop();
    }
  },
  SLOW,
);
