// Callbacks are forged for another user, replayed, or sent to where only this machine gets.
import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer as createPort } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { deliver } from '../../src/callbacks/deliver.js';
import { sign } from '../../src/outbound/signature.js';
import { Daemon } from '../support/daemon.js';
import { Koalaci, ROOT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

const SECRET = 'the operator’s own secret, of 32 bytes or more';
const ENV = { KOALACI_CALLBACK_SECRET: SECRET, KOALACI_CALLBACK_ALLOW_PRIVATE: '1' };
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const keyOf = async (user: string) =>
  (await koalaci.run(['callback-key', '--user', user], { env: ENV })).stdout.trim();

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that notes what it is asked, and answers with a status. */
async function listening(status: number, headers: Record<string, string> = {}, host = '127.0.0.1') {
  const calls: Call[] = [];
  const server: Server = createServer(async (request, response) => {
    calls.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return { calls, port: (server.address() as AddressInfo).port };
}

/**
 * Until the test ends, every name has these addresses: those of the first list when it is first asked for, and so on; the last
 * list stays. This is how a stranger's name server answers who asks it twice. Returns how often it was asked.
 */
function nameServer(...answers: string[][]): () => number {
  const { lookup } = dns;
  let asked = 0;
  const set = (answering: typeof lookup) => {
    dns.lookup = answering;
    syncBuiltinESMExports();
  };
  const answer = (_host: string, options: LookupOptions, callback: Answering) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    const found = addresses.map((address) => ({ address, family: 4 }));
    const [first] = found;
    if (options.all) callback(null, found);
    else callback(null, first?.address ?? '', 4);
  };
  set(answer as unknown as typeof lookup);
  onTestFinished(() => set(lookup));
  return () => asked;
}
type Answering = (error: null, found: string | LookupAddress[], family?: number) => void;

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createPort();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The receiver in the README, as a process of its own. */
async function readmesReceiver(key: string): Promise<{ url: string; said: () => string }> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, example = ''] = /### Callbacks[\s\S]*?```js\n([\s\S]*?)```/.exec(readme) ?? [];
  const file = join(koalaci.home, `receiver-${Date.now()}.mjs`);
  await writeFile(file, example);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hook`;
  const receiver = execa('node', [file], {
    env: { KEY: key, ADDRESS: url, PORT: String(port) },
    reject: false,
  });
  let said = '';
  receiver.stdout.on('data', (data) => {
    said += data;
  });
  onTestFinished(async () => {
    receiver.kill();
    await rm(file);
  });
  await until(() =>
    fetch(url, { method: 'POST' }).then(
      ({ status }) => status === 403,
      () => false,
    ),
  );
  return { url, said: () => said };
}

describe('callbacks', () => {
  attack(
    'the receiver of the README gets forged, changed and replayed calls',
    async () => {
      const key = await keyOf('ann');
      const { url, said } = await readmesReceiver(key);
      const id = '1700000000000-0';
      const body = JSON.stringify({ id, user_id: 'ann', deployment_id: 'd1', status: 'READY' });
      const call = { url, id, body, key, allowPrivate: true };
      const post = async (
        timestamp: string,
        signed: { id: string; url: string; body: string },
        sent = body,
      ) => {
        const signature = `sha256=${sign(key, { timestamp, ...signed })}`;
        const headers = {
          'koalaci-timestamp': timestamp,
          'koalaci-id': id,
          'koalaci-signature': signature,
        };
        return (await fetch(url, { method: 'POST', headers, body: sent })).status;
      };
      const now = String(Math.floor(Date.now() / 1000));
      await expect(deliver({ ...call, key: await keyOf('bob') })).rejects.toThrow('answered 403');
      await expect(deliver({ ...call, key: SECRET })).rejects.toThrow('answered 403');
      expect(await post(String(Number(now) - 3_600), { id, url, body })).toBe(403);
      expect(await post(now, { id: '1-1', url, body })).toBe(403);
      expect(await post(now, { id, url: `${url}2`, body })).toBe(403);
      expect(await post(now, { id, url, body }, body.replace('READY', 'ERROR'))).toBe(403);
      expect(said()).toBe('');
      await deliver(call);
      await deliver(call);
      // Twice sent, once taken.
      await until(() => said() === 'ann d1 READY\n');
    },
    { short: true },
  );

  attack('two users have their jobs call one address', async () => {
    const service = await Daemon.start(koalaci, ['serve', '--concurrency', '0'], ENV);
    try {
      const { calls, port } = await listening(204);
      const url = `http://127.0.0.1:${port}/hook`;
      for (const user of ['ann', 'bob']) {
        const token = (await koalaci.run(['token', '--user', user])).stdout;
        const body = payloadOf({ deployment_id: 'same', callback_url: url });
        expect((await service.ask('POST', '/job/create', { token, body })).status).toBe(200);
      }
      await until(() => calls.length === 2);
      const keys = { ann: await keyOf('ann'), bob: await keyOf('bob') };
      const users = calls.map(({ headers, body }) => {
        const { user_id: user, id } = JSON.parse(body) as { user_id: 'ann' | 'bob'; id: string };
        const timestamp = String(headers['koalaci-timestamp']);
        const signatures = [keys.ann, keys.bob].map(
          (key) => `sha256=${sign(key, { timestamp, id, url, body })}`,
        );
        expect(signatures.indexOf(String(headers['koalaci-signature']))).toBe(user === 'ann' ? 0 : 1);
        return user;
      });
      expect(users.sort()).toEqual(['ann', 'bob']);
    } finally {
      await service.stop();
    }
  });

  attack('an address leads to another one', async () => {
    const secret = await listening(200);
    const leads = await listening(307, { location: `http://127.0.0.1:${secret.port}/` });
    const call = { id: '1-0', body: '{}', key: 'k', allowPrivate: true };
    const leading = deliver({ ...call, url: `http://127.0.0.1:${leads.port}/` });
    await expect(leading).rejects.toThrow('answered 307');
    expect(leads.calls).toHaveLength(1);
    expect(secret.calls).toEqual([]);
  });

  attack('an address is one of this machine, however it is spelled', async () => {
    const { calls, port } = await listening(200, {}, '::');
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const addresses = own.map(({ address, family }) =>
      family === 'IPv6' ? `[${address.replace(/%.*/, '')}]` : address,
    );
    const mapped = own.flatMap(({ address, family }) => (family === 'IPv4' ? [`[::ffff:${address}]`] : []));
    const spelled = [
      'localhost',
      'LOCALHOST',
      '0',
      '0.0.0.0',
      '127.1',
      '0x7f000001',
      '2130706433',
      '017700000001',
      '[::]',
      '[::1]',
      '[::7f00:1]',
    ];
    for (const host of [...addresses, ...mapped, ...spelled]) {
      const call = { id: '1-0', body: '{}', key: 'k', allowPrivate: false, url: `http://${host}:${port}/` };
      await expect(deliver(call), host).rejects.toThrow('is not a public address');
    }
    expect(calls).toEqual([]);
  });

  attack('a name is public when it is looked at, and this machine when it is called', async () => {
    const { calls, port } = await listening(200);
    const call = {
      id: '1-0',
      body: '{}',
      key: 'k',
      allowPrivate: false,
      url: `http://rebound.test:${port}/`,
    };
    // Of TEST-NET-1 (RFC 5737), where nobody is: public, as far as a list of addresses can say.
    const asked = nameServer(['192.0.2.1'], ['127.0.0.1']);
    const first = await deliver(call).catch((error) => error);
    // It was asked once, so there is nothing between look and call.
    expect([asked(), first.kind]).toEqual([1, undefined]);
    await expect(deliver(call)).rejects.toThrow('rebound.test is not a public address');
    expect(asked()).toBe(2);
    nameServer(['192.0.2.1', '127.0.0.1']);
    await expect(deliver(call)).rejects.toThrow('rebound.test is not a public address');
    expect(calls).toEqual([]);
  });
});
