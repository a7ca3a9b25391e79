// The control panel of the guide, as a user meets it: between them only HTTP.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { Koalaci, ROOT } from '../support/koalaci.js';
import { commit, git } from '../support/repo.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const SECRET = 'a secret of the panel and koalaci, long enough';
const CALLBACK_SECRET = 'another secret of the two, long enough as well';

let koalaci: Koalaci;
let daemon: Daemon;
let panel: ReturnType<typeof start>;
let address: string;
let repo: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  daemon = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], {
    JWT_SECRET: SECRET,
    KOALACI_CALLBACK_SECRET: CALLBACK_SECRET,
    KOALACI_CALLBACK_ALLOW_PRIVATE: '1',
  });
  repo = await mkdtemp(join(tmpdir(), 'koala-site-'));
  await git(repo, 'init', '--quiet', '--initial-branch', 'main');
  await commit(repo, { 'public/index.html': '<h1>Hello</h1>' });
  const site = { repo, command: '', manager: 'none', dist: 'public' };
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  panel = start({
    ...{ SECRET, CALLBACK_SECRET, BUILDS: daemon.url, SELF: address, PORT: String(port) },
    ACCOUNTS: JSON.stringify({
      ann: { plan: 'free', sites: { site, broken: { ...site, dist: '/etc' } } },
      ben: { plan: 'paid', sites: {} },
    }),
  });
  await once(panel.stdout, 'data');
}, MINUTE);

afterAll(async () => {
  panel?.kill();
  await daemon?.stop();
  await koalaci?.close();
  await rm(repo, { recursive: true, force: true });
});

/** The panel of the guide. */
function start(env: Record<string, string>) {
  return execa(process.execPath, [join(ROOT, 'src/guides/control-panel.mjs')], { env, reject: false });
}

/** A click of a user. */
const click = (method: string, path: string, user = 'ann') =>
  fetch(`${address}${path}`, { method, headers: { 'x-demo-user': user } });

describe('a control panel', () => {
  it(
    'has a site built, shows its log in the browser, hears of its status, and gives the artifact to its owner',
    async () => {
      const deployed = await click('POST', '/deploy/site');
      expect(deployed.status).toBe(202);
      const { id, log } = (await deployed.json()) as { id: string; log: string };
      // As an EventSource: nothing but the address.
      const events = await (await fetch(`${address}${log}`)).text();
      expect(events).toMatch(/event: step\n/);
      expect(events).toMatch(/event: end\ndata: \{"status":"READY"/);
      const status = await until(async () => {
        const call = (await (await click('GET', `/status/${id}`)).json()) as { status?: string };
        return call.status === 'READY' && call.status;
      }, MINUTE);
      expect(status).toBe('READY');
      const archive = Buffer.from(await (await click('GET', `/download/${id}`)).arrayBuffer());
      const { stdout } = await execa('tar', ['-tz'], { input: archive });
      expect(stdout).toContain('index.html');
      expect((await click('GET', `/download/${id}`, 'ben')).status).toBe(404);
      expect((await fetch(`${address}${log.replace('token=', 'token=x')}`)).status).toBe(401);
    },
    2 * MINUTE,
  );

  it('says which field of the settings does not fit', async () => {
    const refused = await click('POST', '/deploy/broken');
    expect(refused.status).toBe(400);
    const { error } = (await refused.json()) as { error: { fields: { path: string }[] } };
    expect(error.fields).toEqual([expect.objectContaining({ path: 'project_dist_directory' })]);
  });

  it('believes no callback that koalaci has not signed', async () => {
    const body = JSON.stringify({ user_id: 'ann', deployment_id: 'forged', status: 'READY', time: 'z' });
    const headers = { 'koalaci-timestamp': String(Math.floor(Date.now() / 1000)), 'koalaci-id': '1' };
    const forged = await fetch(`${address}/callback`, {
      method: 'POST',
      body,
      headers: { ...headers, 'koalaci-signature': `sha256=${'0'.repeat(64)}` },
    });
    expect(forged.status).toBe(403);
    expect(await (await click('GET', '/status/forged')).json()).toEqual({});
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
