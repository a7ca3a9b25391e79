// The daemon as a container: an ordinary user, with nothing of the host but the engine's socket.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildkitClient } from '../support/buildkit-client.js';
import { docker } from '../support/docker.js';
import { GitServer } from '../support/git-server.js';
import { ROOT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { forgetProjects, project } from '../support/projects.js';
import { git, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';
import { until } from '../support/until.js';

const MINUTES = 60_000;
const NAME = `koalaci-service-test-${process.pid}`;
const IMAGE = `${NAME}:latest`;
const BUILDER = process.env.KOALACI_IMAGE || 'koalaci:latest';
const SECRET = 's'.repeat(48);

beforeAll(async () => {
  const [command = '', ...build] = await buildkitClient();
  const ca = process.env.KOALACI_EXTRA_CA_CERTS || process.env.NODE_EXTRA_CA_CERTS;
  const options = [
    ...['--file', join(ROOT, 'ci/service/service.Dockerfile'), '--build-arg', `KOALACI_IMAGE=${BUILDER}`],
    ...['--tag', IMAGE, ...(ca ? ['--secret', `id=ca,src=${ca}`] : [])],
  ];
  await execa(command, [...build, ...options, ROOT], { env: { DOCKER_BUILDKIT: '1' } });
}, 5 * MINUTES);

afterAll(async () => {
  await docker('rm', '--force', '--volumes', `${NAME}-redis`, NAME).catch(() => {});
  await docker('image', 'rm', '--force', IMAGE);
  await forgetProjects();
});

it(
  'builds a job with the socket alone, and is healthy',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'koala-git-'));
    const server = await GitServer.start(root, 'pw');
    try {
      await git(root, 'clone', '--quiet', '--bare', await repoOf('static'), 'site.git');
      const redis = ['redis-server', '--save', '', '--protected-mode', 'no'];
      await docker('run', '--detach', '--name', `${NAME}-redis`, '--user', 'build', BUILDER, ...redis);
      const socket = '/var/run/docker.sock';
      await docker(
        ...['run', '--detach', '--init', '--name', NAME, '--network', `container:${NAME}-redis`],
        ...['--volume', `${socket}:${socket}`, '--group-add', String((await stat(socket)).gid)],
        ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
        ...['--env', 'REDIS_URL=redis://127.0.0.1', '--env', `JWT_SECRET=${SECRET}`],
        ...['--env', `KOALACI_IMAGE=${BUILDER}`, '--env', 'KOALACI_STANDBY=off', IMAGE],
      );
      const inside = (...args: string[]) => docker('exec', NAME, ...args);
      const ask = async (method: string, path: string, body?: unknown) => {
        const token = await inside('node', 'bin/koalaci.js', 'token', '--user', 'ann');
        const options = { method, headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) };
        const script = `fetch('http://127.0.0.1:8081${path}', ${JSON.stringify(options)}).then(async (r) => console.log(await r.text()))`;
        return JSON.parse(await inside('node', '-e', script)) as { data: unknown };
      };
      await until(
        async () => (await docker('inspect', '--format', '{{.State.Health.Status}}', NAME)) === 'healthy',
        MINUTES,
      );
      expect(await inside('id', '-un')).toBe('build');
      const id = project('service');
      const job = payloadOf({
        project_id: id,
        project_repo_url: server.withPassword('site.git', 'pw'),
        project_build_command: 'echo from a container',
        project_dist_directory: 'public',
      });
      expect(await ask('POST', '/job/create', job)).toEqual({ data: 'OK' });
      await until(async () => (await ask('GET', '/job/d1/status')).data === 'READY', MINUTES);
      expect((await ask('GET', '/job/d1/log')).data).toContain('from a container\n');
      expect(await inside('ls', `/opt/koalaci/artifacts/ann/${id}`)).toMatch(
        /^d1\.json\n(d1\.sbom\n)?d1\.tar\.gz$/,
      );
      await saved(id);
    } finally {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    }
  },
  3 * MINUTES,
);
