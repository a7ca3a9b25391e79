// Failures as users meet them, staged through the real runner: the record says what happened, whose fault it is and which lines
// matter, and what it tells to do makes the next build READY.
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../src/job/ending.js';
import { BUILDER } from './builder-image.js';
import { Koalaci } from './koalaci.js';
import { payloadOf } from './payload.js';
import { project } from './projects.js';
import { commit, git, repoOf } from './repo.js';

/** What is built: files of a repository, and a job. */
interface Built {
  /** Files that are written, and undefined where one is removed. */
  files?: Record<string, string | undefined>;
  manager?: string;
  command?: string;
  /** More fields of the payload. */
  job?: Record<string, unknown>;
  /** Settings of the operator. */
  settings?: Record<string, string>;
  /** The address of the repository, where it is not the directory itself. */
  published?: (repo: string) => Promise<string>;
}

export interface Scene extends Built {
  reason?: string;
  message: RegExp;
  remedy: RegExp;
  fault: Fault;
  /** The lines that matter: each of these is there, and no other. */
  extract: RegExp[];
  /** What is done as the remedy says, from then on. */
  done: Built & {
    /** Commands for the project's directory, in the words of the remedy; there, the developer has done what comes before. */
    typed?: string[];
    before?: string;
  };
}

/** The last part of a build command: something to ship. */
export const page = 'mkdir -p public && echo hi > public/index.html';

const MINUTES = 60_000;

/** Tests that play scenes by their names; one that needs a server is made when its turn comes. */
export function stage(scenes: Record<string, Scene | (() => Scene | Promise<Scene>)>): void {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  it.each(Object.entries(scenes).map(([name, scene], index) => [name, scene, index] as const))(
    '%s',
    async (_, scene, index) =>
      play(koalaci, `staged-${index}`, typeof scene === 'function' ? await scene() : scene),
    5 * MINUTES,
  );
}

async function play(koalaci: Koalaci, id: string, { done, ...scene }: Scene): Promise<void> {
  const repo = await repoOf('static', { '.gitignore': 'node_modules\n' });
  await change(repo, scene);
  const failed = await build(koalaci, id, repo, scene);
  expect(failed.record, failed.output).toMatchObject({
    status: 'ERROR',
    reason: scene.reason ?? 'build_failed',
    message: expect.stringMatching(scene.message),
    remedy: expect.stringMatching(scene.remedy),
    fault: scene.fault,
  });
  const extract: string[] = failed.record.extract ?? [];
  expect(extract.length).toBeLessThanOrEqual(10);
  expect(extract.filter((line) => !scene.extract.some((one) => one.test(line)))).toEqual([]);
  for (const line of scene.extract) expect(extract.join('\n')).toMatch(new RegExp(line, 'm'));
  expect(failed.stderr).toContain(`koalaci logs ${id} --failed`);

  for (const command of done.typed ?? []) expect(failed.record.remedy).toContain(command);
  await change(repo, done);
  for (const command of done.typed ?? []) await type(command, repo, done.before);
  await commit(repo);
  const { files: _, ...rest } = done;
  const again = await build(koalaci, id, repo, { ...scene, ...rest, job: { ...scene.job, ...done.job } });
  expect(again.record, again.output).toMatchObject({ status: 'READY' });
  expect(again.record).not.toHaveProperty('extract');
}

async function build(koalaci: Koalaci, id: string, repo: string, built: Built) {
  const payload = payloadOf({
    project_id: project(id),
    deployment_id: id,
    project_repo_url: (await built.published?.(repo)) ?? repo,
    project_build_command: built.command ?? page,
    project_package_manager: built.manager ?? 'none',
    project_dist_directory: 'public',
    // The second build is to owe nothing to the first, and none leaves a snapshot.
    cache: 'read',
    ...built.job,
  });
  const env = built.settings ?? {};
  const { stdout, stderr } = await koalaci.run(['run', '-', '--raw'], {
    env,
    input: JSON.stringify(payload),
  });
  const record = JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
  return { record, stderr, output: stdout + stderr };
}

async function change(repo: string, { files = {} }: Built): Promise<void> {
  const gone = Object.keys(files).filter((path) => files[path] === undefined);
  for (const path of gone) await rm(join(repo, path), { recursive: true });
  await commit(
    repo,
    Object.fromEntries(Object.entries(files).filter((one): one is [string, string] => one[1] !== undefined)),
  );
}

/** Types a command in a project's directory, as its user would on a machine with the same tools. */
async function type(command: string, repo: string, before = ':'): Promise<void> {
  if (command.startsWith('git ')) {
    await git(repo, ...words(command));
    return;
  }
  const { uid, gid } = userInfo();
  const ca = process.env.NODE_EXTRA_CA_CERTS;
  const trusted = ca ? ['--volume', `${ca}:/ca.pem:ro`, '--env', 'NODE_EXTRA_CA_CERTS=/ca.pem'] : [];
  const place = [
    '--volume',
    `${repo}:/workspace`,
    '--workdir',
    '/workspace',
    '--env',
    'HOME=/tmp',
    '--env',
    'COREPACK_NPM_REGISTRY=https://registry.npmjs.org',
    '--env',
    'COREPACK_INTEGRITY_KEYS=0',
  ];
  // A developer has corepack, which provides the package manager that package.json names.
  const corepack =
    'mkdir /tmp/bin && npx --yes corepack@0.34 enable --install-directory /tmp/bin npm yarn pnpm && PATH=/tmp/bin:$PATH';
  const line = `if grep -q packageManager package.json; then ${corepack}; fi; ${before}; ${command}`;
  const who = ['--user', `${uid}:${gid}`, '--network', 'koalaci'];
  await execa('docker', ['run', '--rm', ...who, ...trusted, ...place, BUILDER, 'bash', '-c', line]);
}

const words = (command: string) =>
  (command.match(/"[^"]*"|\S+/g) ?? []).slice(1).map((word) => word.replace(/^"|"$/g, ''));
