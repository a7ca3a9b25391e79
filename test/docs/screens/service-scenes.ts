// The screens about a service: it runs meanwhile, and is asked.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GitServer } from '../../support/git-server.js';
import { git } from '../../support/repo.js';
import type { Desk } from './desk.js';
import { type Files, site } from './projects.js';
import type { Scene } from './scenes.js';

const HOME = '.';
/** What a panel would send. */
const JOB = {
  project_id: 'my-site',
  deployment_id: 'my-deployment',
  project_branch: 'main',
  project_build_command: 'npm run build',
  project_package_manager: 'npm',
  project_dist_directory: 'dist',
};
const LOCAL = 'KOALACI_ALLOW_LOCAL_SOURCES=1 ';
const SHOWN_HOST = 'git.example.com';

export const SERVICE_SCENES: Record<string, Scene> = {
  'no-worker': async (desk) => {
    await withJob(desk, {});
    const lines = [`${LOCAL}koalaci run job.json --detach`, 'koalaci status my-deployment'];
    const screen = await desk.type(HOME, ...lines);
    await desk.raw(HOME, 'koalaci cancel my-deployment');
    return screen.replace(LOCAL, '');
  },
  refused: async (desk) => {
    await using server = await behindPassword(desk);
    await withJob(desk, { project_repo_url: `${server.url}/my-site.git` });
    const screen = desk.ended(await desk.type(HOME, 'koalaci run job.json'), 'ERROR');
    return screen.replaceAll('http://', 'https://').replaceAll(new URL(server.url).host, SHOWN_HOST);
  },
  'panel-create': async (desk) => {
    await served(desk);
    await withJob(desk, {});
    const url = `http://127.0.0.1:${desk.port}`;
    const created = await desk.type(HOME, `curl -s ${url}/job/create -H "$AUTH" -d @job.json`);
    await desk.raw(HOME, 'koalaci wait my-deployment');
    const fields = '.data | {status, commit, node, files: .artifact.files}';
    const known = await desk.type(HOME, `curl -s ${url}/job/my-deployment -H "$AUTH" | jq '${fields}'`);
    return `${created}\n${known}`;
  },
  'panel-refused': async (desk) => {
    await served(desk);
    const job = { ...JOB, project_branch: '-x', project_repo: 'https://github.com/me/my-site.git' };
    await desk.write(HOME, { 'job.json': JSON.stringify(job) });
    return desk.type(
      HOME,
      `curl -s http://127.0.0.1:${desk.port}/job/create -H "$AUTH" -d @job.json | jq .error.fields`,
    );
  },
  watch: async (desk) => {
    await served(desk);
    const ids = ['shop-41', 'shop-42', 'blog-7'];
    for (const id of ids) {
      const job = { deployment_id: id, project_id: id.replace(/-.*/, ''), project_build_command: 'sleep 30' };
      await withJob(desk, job, 'koalaci run job.json --detach');
    }
    const screen = await desk.typed(HOME, 'koalaci watch', [[/main .* build .*\n.*main .* build /, '\x03']]);
    for (const id of ids) await desk.raw(HOME, `koalaci cancel ${id}`);
    return `$ koalaci watch\n${screen.replace(/\^C/, '').trimEnd()}`;
  },
};

async function served(desk: Desk): Promise<void> {
  await desk.serve();
  desk.env = { AUTH: `Authorization: Bearer ${(await desk.raw(HOME, 'koalaci token')).trim()}` };
}

/** Writes job.json, for a repository that is there, and may do something with it. */
async function withJob(desk: Desk, fields: Files, line = ''): Promise<void> {
  await desk.repository('my-site', site());
  const job = { ...JOB, project_repo_url: join(desk.home, 'my-site'), ...fields };
  await desk.write(HOME, { 'job.json': JSON.stringify(job) });
  if (line) await desk.raw(HOME, LOCAL + line);
}

/** A server that asks for a password before it gives a repository. */
async function behindPassword(desk: Desk) {
  await desk.repository('my-site', site());
  const directory = await mkdtemp('/tmp/koala-screens-');
  await git(directory, 'clone', '--quiet', '--bare', join(desk.home, 'my-site'), 'my-site.git');
  const server = await GitServer.start(directory, 'secret');
  const close = async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  };
  return { url: server.url, [Symbol.asyncDispose]: close };
}
