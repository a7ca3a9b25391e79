// What a build is told of itself, and builds that say that there is nothing to build.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { commit, git, repoOf } from '../support/repo.js';

const SLOW = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Builds a job with more fields than there are flags. */
async function build(repo: string, id: string, fields: object) {
  const ids = {
    project_id: PROJECT,
    deployment_id: id,
    project_repo_url: repo,
    project_dist_directory: 'public',
  };
  const file = join(koalaci.home, `${id}.json`);
  await writeFile(file, JSON.stringify(payloadOf({ ...ids, ...fields })));
  return koalaci.run(['run', file, '--raw']);
}

it(
  'tells the build command what it builds, where the job does not say otherwise',
  async () => {
    const repo = await repoOf('static');
    await git(repo, 'switch', '--quiet', '--create', 'koala/leaf');
    const sha = await commit(repo);
    await git(repo, 'switch', '--quiet', 'main');
    const command = 'env | grep ^KOALACI_ | sort >public/env.txt';
    const fields = { project_build_command: command, env: { KOALACI_PROJECT: 'mine' } };
    const seen = async (id: string, branch: string) => {
      const { exitCode, stderr } = await build(repo, id, { ...fields, project_branch: branch });
      expect(exitCode, stderr).toBe(0);
      return (await filesIn(koalaci.artifact(id)))['env.txt']?.split('\n');
    };
    const main = await git(repo, 'rev-parse', 'main');
    const of = (id: string, branch: string, commit: string, environment: string) => [
      ...[`KOALACI_BRANCH=${branch}`, `KOALACI_COMMIT=${commit}`, `KOALACI_DEPLOYMENT=${id}`],
      ...[`KOALACI_ENVIRONMENT=${environment}`, 'KOALACI_PROJECT=mine', ''],
    ];
    expect(await seen('v1', 'main')).toEqual(of('v1', 'main', main.stdout, 'production'));
    expect(await seen('v2', 'koala/leaf')).toEqual(of('v2', 'koala/leaf', sha, 'preview'));
  },
  SLOW,
);

it(
  'does not build a commit whose message says so, keeps what was shipped before, and builds it when asked to',
  async () => {
    const repo = await repoOf('static');
    expect(await koalaci.build(repo, { id: 'docs' })).toMatchObject({ exitCode: 0 });
    await git(repo, 'commit', '--quiet', '--allow-empty', '--message', 'docs\n\n[skip ci]');
    const skipped = await koalaci.build(repo, { id: 'docs', command: 'echo built' });
    expect(skipped).toMatchObject({ exitCode: 0, stdout: expect.not.stringMatching(/^built$/m) });
    expect(skipped.stderr).toMatch(
      /CANCELED skipped: the message of commit \w{10} has \[skip ci\], in step source/,
    );
    const record = JSON.parse((await koalaci.run(['status', 'docs', '--json'])).stdout);
    expect(record).toMatchObject({ status: 'CANCELED', reason: 'skipped', last_artifact: { files: 2 } });
    const forced = await koalaci.build(repo, { id: 'docs', command: 'echo built' }, ['--no-skip-ci']);
    expect(forced).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^built$/m) });
  },
  SLOW,
);

it(
  'asks the ignore command, in the root of the project and without what that has started',
  async () => {
    const repo = await repoOf('static', { 'site/index.html': 'x' });
    await commit(repo, { 'other.txt': 'x' });
    const command = 'setsid sleep 600 & git diff --quiet HEAD^ HEAD -- .';
    const fields = { project_root: 'site', project_dist_directory: '.', project_ignore_command: command };
    const skipped = await build(repo, 'ignored', fields);
    expect(skipped).toMatchObject({ exitCode: 0 });
    expect(skipped.stderr).toMatch(/CANCELED skipped: the ignore command says/);
    await commit(repo, { 'site/new.html': 'y' });
    const built = await build(repo, 'noticed', {
      ...fields,
      project_build_command: 'ps -C sleep || echo gone',
    });
    expect(built, built.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^gone$/m) });
  },
  SLOW,
);
