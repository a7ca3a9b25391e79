// Secrets of a job are looked for in whatever a build leaves: logs, messages, records, snapshots.
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { GitServer } from '../support/git-server.js';
import { type Ended, Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { project } from '../support/projects.js';
import { git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

const TOKEN = 'Tok3n-of/this+job_0123456789';
const GIT_TOKEN = 'ghp_5ecretOfTheAddress99';
let koalaci: Koalaci;
let root: string;
let server: GitServer;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-git-'));
  server = await GitServer.start(root, GIT_TOKEN);
});
afterAll(async () => {
  await server.stop();
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

/** Everything that is shown and kept of a job. */
async function seen(id: string, { stdout, stderr }: Ended): Promise<string> {
  const logs = await koalaci.run(['logs', id, '--json']);
  const record = await koalaci.run(['status', id, '--json']);
  return [stdout, stderr, logs.stdout, record.stdout, await koalaci.redis?.contents()].join('\n');
}

async function publish(name: string): Promise<void> {
  await git(root, 'clone', '--quiet', '--bare', await repoOf('static'), name);
}

const withToken = (repository: string, token = GIT_TOKEN) =>
  `${server.url}/${repository}?access_token=${token}`;

describe('secrets', () => {
  attack(
    'a build prints a variable in all the ways in which programs write it',
    async () => {
      const command = [
        'printf %s "$TOKEN" | head -c 9; printf %s "$TOKEN" | tail -c +10; echo',
        'printf %s "$TOKEN" | base64; printf "x%s" "$TOKEN" | base64 -w 20; printf "xy%sz" "$TOKEN" | base64',
        'node -p "encodeURIComponent(process.env.TOKEN)"',
        "node -p \"JSON.stringify({ token: process.env.TOKEN }).replaceAll('/', '\\\\/')\"",
        'node -p "Buffer.from(process.env.TOKEN).toString(\'hex\')"',
        'node -e "console.log(Buffer.from(process.env.TOKEN))"',
        'echo the end',
      ].join('\n');
      const built = await koalaci.build(await repoOf('static'), { id: 'prints', command }, [
        ...['--env', `TOKEN=${TOKEN}`, '--env', 'PIN=123'],
      ]);
      expect(built.exitCode, built.stderr).toBe(0);
      expect(built.stdout).toMatch(/fewer than 4 characters: PIN\n/);
      expect(built.stdout).toContain('the end');
      const hex = Buffer.from(TOKEN).toString('hex');
      const cores = ['', 'x', 'xy'].map((before) =>
        Buffer.from(before + TOKEN)
          .toString('base64')
          .slice(4, 12),
      );
      const everything = (await seen('prints', built)).replaceAll(/\s/g, '');
      for (const form of [TOKEN, encodeURIComponent(TOKEN), 'Tok3n-of\\/this', hex.slice(8, 40), ...cores])
        expect(everything).not.toContain(form);
    },
    { short: true },
  );

  attack('a token is in the query of an address, and the fetch fails', async () => {
    for (const [id, address] of [
      ['no-repository', withToken('nowhere.git')],
      ['no-access', withToken('nowhere.git', 'wr0ngT0ken%2Fof-mine')],
      ['no-host', `http://nowhere.invalid/x.git?${GIT_TOKEN}`],
      ['a-user', `http://${GIT_TOKEN}@nowhere.invalid/x.git`],
      ['a-user-colon', `http://${GIT_TOKEN}:@nowhere.invalid/x.git`],
      ['a-git-user', `git://${GIT_TOKEN}@nowhere.invalid/x.git`],
    ] as const) {
      const built = await koalaci.build(address, { id });
      expect(built.exitCode).toBe(1);
      const everything = await seen(id, built);
      for (const form of [GIT_TOKEN, 'wr0ngT0ken'])
        expect(everything, `${id}: ${everything}`).not.toContain(form);
    }
  });

  attack('a token is in the query of an address, and there is no such branch', async () => {
    await publish('branch.git');
    const built = await koalaci.build(withToken('branch.git'), { id: 'no-branch', branch: 'nope' });
    expect(built.stderr).toContain('there is no branch or tag nope in ');
    expect(await seen('no-branch', built)).not.toContain(GIT_TOKEN);
  });

  attack('a token is in the query of an address: the build and its snapshot have it', async () => {
    await publish('query.git');
    const id = project('query');
    const command = `cat .git/config; ! grep -rF ${GIT_TOKEN.slice(4)} . ~ /koala 2>/dev/null`;
    const built = await koalaci.build(withToken('query.git'), { id: 'query', project: id, command });
    expect(built.exitCode, built.stdout + built.stderr).toBe(0);
    expect(await seen('query', built)).not.toContain(GIT_TOKEN);
    await saved(id);
    const images = Object.values(await snapshotsOf(id));
    expect(images.length).toBeGreaterThan(0);
    const search = `grep -rlF ${GIT_TOKEN} /workspace /koala /home /run /tmp /var 2>/dev/null || true`;
    for (const image of images) {
      expect(await docker('run', '--rm', '--user', '0', '--entrypoint', 'bash', image, '-c', search)).toBe(
        '',
      );
      expect(await docker('image', 'inspect', image)).not.toContain(GIT_TOKEN);
    }
    // The next job is unharmed, and as warm.
    const next = await koalaci.build(withToken('query.git'), { id: 'query-2', project: id });
    expect(next.exitCode, next.stderr).toBe(0);
  });

  attack('a later job looks for what a build has put everywhere it can write', async () => {
    const id = project('hidden');
    const repo = await repoOf('static');
    const places = '. .. ~ ~/.cache ~/.npm .git .git/objects node_modules/.cache /tmp /var/tmp /dev/shm';
    const hide = `mkdir -p ~/.cache ~/.npm node_modules/.cache; for place in ${places}; do echo "$TOKEN" >$place/hidden || true; done 2>/dev/null; git config user.name "$TOKEN"; git tag "t-$(printf %s "$TOKEN" | md5sum | cut -c 1-8)"`;
    const env = ['--env', `TOKEN=${TOKEN}`];
    const first = await koalaci.build(repo, { id: 'hides', project: id, command: hide }, env);
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    await saved(id);
    const seek = `! grep -rlF '${TOKEN.slice(3)}' / --exclude-dir=proc --exclude-dir=sys 2>/dev/null`;
    const second = await koalaci.build(repo, { id: 'seeks', project: id, command: seek });
    expect(second.exitCode, second.stdout).toBe(0);
  });

  attack(
    'a secret that can be guessed is taken where others reach the daemon',
    async () => {
      for (const env of [
        { JWT_SECRET: 'x'.repeat(31) },
        { KOALACI_CALLBACK_SECRET: 'y'.repeat(31) },
      ] as Record<string, string>[]) {
        const args = ['serve', '--host', '0.0.0.0', '--port', '0', '--concurrency', '0'];
        const { exitCode, stderr } = await koalaci.run(args, { env });
        expect(exitCode).toBe(2);
        expect(stderr).toMatch(/_SECRET has fewer than 32 bytes/);
      }
    },
    { short: true },
  );

  attack('a user looks for the host, its processes and its paths in what HTTP answers', async () => {
    const service = await Daemon.start(koalaci, ['serve', '--concurrency', '1']);
    try {
      const token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
      const repo = await repoOf('static');
      const ask = (method: string, path: string, body?: unknown) =>
        service.ask(method, path, { token, body });
      const create = (id: string, more: object = {}) =>
        ask('POST', '/job/create', {
          ...payloadOf({ project_id: project('http'), deployment_id: id, project_repo_url: repo }),
          project_dist_directory: 'public',
          ...more,
        });
      await create('ready');
      await create('failed', { project_build_command: 'exit 3' });
      for (const id of ['ready', 'failed'])
        await until(async () => /READY|ERROR/.test((await ask('GET', `/job/${id}/status`)).text));
      const places = [new RegExp(`\\b${hostname()}\\b`), new RegExp(`\\b${service.pid}\\b`), koalaci.home];
      for (const path of ['/job/ready', '/job/failed', '/jobs', '/job/ready/log', '/job/failed/log']) {
        const { status, text } = await ask('GET', path);
        expect(status).toBe(200);
        // The source is the user's own words.
        const shown = text.replaceAll(repo, '');
        for (const place of places) expect(shown, path).not.toMatch(place);
      }
      expect((await ask('GET', '/job/ready')).text).toContain('"sha256"');
    } finally {
      await service.stop();
    }
  });
});
