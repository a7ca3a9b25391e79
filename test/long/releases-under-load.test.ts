// A site that is released twenty times while it is read: no request fails, and none gets a half of one and of another.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { expect, it, onTestFinished } from 'vitest';
import { releaseHere } from '../../src/archives/release.js';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import { ship } from '../../src/releases/ship.js';
import { DirectoryTarget } from '../../src/upload/directory/directory.js';
import { redis } from '../support/own-redis.js';
import { Shipper } from '../support/shipped.js';

const RELEASES = 20;

it('twenty releases under load fail no request', async () => {
  const home = await mkdtemp(join(tmpdir(), 'koala-load-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const shipper = new Shipper(redis, home);
  const target = new DirectoryTarget({ name: 'production', directory: join(home, 'srv') });
  const context = { redis, artifacts: shipper.artifacts, retentionSeconds: 3600 };
  const options = { signal: new AbortController().signal, say: () => {} };
  const release = async (id: string) => {
    await shipper.ship(id, { files: { 'index.html': `<h1>${id}</h1>`.repeat(1_000), [`${id}.js`]: id } });
    const one = await releaseHere(context, { user: 'ann' as UserId, deployment: id as DeploymentId });
    const aims = [{ target, keep: 2, branches: undefined, place: 'current' }];
    await ship(context, { release: one, aims, by: { build: true } }, options);
  };
  await release('d0');
  const server = createServer((_, response) => {
    createReadStream(join(home, 'srv/ann/site/current/index.html'))
      .on('error', () => response.writeHead(500).end())
      .pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  let isOver = false;
  const load = autocannon({ url: `http://127.0.0.1:${port}/`, connections: 20, duration: 600 });
  const torn = new Set<string>();
  const reading = (async () => {
    while (!isOver) {
      const text = await (await fetch(`http://127.0.0.1:${port}/`)).text();
      if (new Set(text.match(/d\d+/g)).size !== 1 || text.length < 10_000) torn.add(text.slice(0, 100));
    }
  })();
  for (let n = 1; n <= RELEASES; n++) await release(`d${n}`);
  isOver = true;
  await reading;
  load.stop();
  const { errors, timeouts, non2xx, requests } = await load;
  expect({ errors, timeouts, non2xx, torn: [...torn] }).toEqual({
    errors: 0,
    timeouts: 0,
    non2xx: 0,
    torn: [],
  });
  expect(requests.total).toBeGreaterThan(RELEASES);
}, 300_000);
