// A build whose site is served from an object store, as an operator sets it up; and what another machine has of it.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { BUCKET, KEY, S3Server } from '../support/s3-server.js';

const SLOW = 90_000;
const CURRENT = `sites/ann/${PROJECT}/current`;
let koalaci: Koalaci;
let server: S3Server;
let work: string;

beforeAll(async () => {
  [koalaci, server] = await Promise.all([Koalaci.open(), S3Server.start()]);
  work = await mkdtemp(join(tmpdir(), 'koala-s3-'));
  const { endpoint } = server;
  const row = { name: 'cdn', type: 's3', bucket: BUCKET, endpoint, path_style: true, artifacts: true };
  await writeFile(join(koalaci.home, 'targets.json'), JSON.stringify([row]), { mode: 0o600 });
});
afterAll(async () => {
  await koalaci.close();
  await server.stop();
  await rm(work, { recursive: true });
});

const ENV = { AWS_ACCESS_KEY_ID: KEY.access_key_id, AWS_SECRET_ACCESS_KEY: KEY.secret_access_key };

it(
  'serves each build from the store, and hands its artifact out where it was not built',
  async () => {
    const repo = await repoOf('static');
    for (const id of ['d1', 'd2']) {
      const command = `echo ${id} >public/id.html`;
      const { exitCode, stderr } = await koalaci.build(repo, { id, command }, [], ENV);
      expect(exitCode, stderr).toBe(0);
      const page = await server.fetch(`${CURRENT}/id.html`);
      expect([await page.text(), page.headers.get('content-type')]).toEqual([
        `${id}\n`,
        'text/html; charset=utf-8',
      ]);
    }
    const archive = await readFile(koalaci.artifact('d1'));
    for (const place of ['artifacts', 'objects']) await rm(join(koalaci.home, place), { recursive: true });
    const got = ['artifacts', 'get', 'd1', '-o', join(work, 'd1.tar.gz')];
    expect(await koalaci.run(got, { env: ENV })).toMatchObject({ exitCode: 0 });
    expect(archive.equals(await readFile(join(work, 'd1.tar.gz')))).toBe(true);
    const page = ['artifacts', 'get', 'd1', '--file', 'id.html', '-o', '-'];
    expect(await koalaci.run(page, { env: ENV })).toMatchObject({ exitCode: 0, stdout: 'd1' });
  },
  SLOW,
);

it(
  'says why a build is not served, and nothing of the key',
  async () => {
    const repo = await repoOf('static');
    const { exitCode, stderr } = await koalaci.build(repo, { id: 'd3', command: '' }, [], {
      ...ENV,
      AWS_SECRET_ACCESS_KEY: 'another-secret',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('target cdn could not');
    expect(stderr).toContain('the secret key is not the right one');
    expect(stderr).not.toContain('another-secret');
  },
  SLOW,
);

it(
  'sends the archive to the address that the job names, where the operator allows it',
  async () => {
    const [repo, receiver] = await Promise.all([repoOf('static'), receiving()]);
    const job = join(work, 'job.json');
    const fields = { deployment_id: 'd4', project_id: PROJECT, artifact_url: `${receiver.url}?token=s3cret` };
    await writeFile(job, JSON.stringify({ ...STATIC, project_repo_url: repo, ...fields }));
    const refused = await koalaci.run(['run', job], { env: ENV });
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('set KOALACI_ARTIFACT_URL=public'),
    });
    const env = { ...ENV, KOALACI_ARTIFACT_URL: 'private', NODE_EXTRA_CA_CERTS: receiver.ca };
    const { exitCode, stderr } = await koalaci.run(['run', job], { env });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('s3cret');
    const sha256 = createHash('sha256')
      .update(await readFile(koalaci.artifact('d4')))
      .digest('hex');
    expect(receiver.got).toEqual([sha256]);
    receiver.server.close();
  },
  SLOW,
);

const STATIC = {
  project_branch: 'main',
  project_build_command: '',
  project_package_manager: 'none',
  project_dist_directory: 'public',
};

/** An https server that notes the hashes of what it is sent. */
async function receiving(): Promise<{ server: Server; url: string; ca: string; got: string[] }> {
  const [key, cert] = [join(work, 'key.pem'), join(work, 'cert.pem')];
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=koalaci test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ]);
  const got: string[] = [];
  const options = { key: await readFile(key), cert: await readFile(cert) };
  const server = createServer(options, async (request, response) => {
    got.push(
      createHash('sha256')
        .update(await buffer(request))
        .digest('hex'),
    );
    response.writeHead(201).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/in`, ca: cert, got };
}
