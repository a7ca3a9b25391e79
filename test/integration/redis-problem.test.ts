// What a user is told when Redis refuses, with real servers.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/store/connect.js';
import { claim } from '../../src/store/jobs.js';
import { commandError } from '../../src/store/redis-problem.js';
import { buildingRecord } from '../support/records.js';
import { RedisServer } from '../support/redis-server.js';

let server: RedisServer;
let directory: string;
const others: Server[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
  const admin = server.client();
  await admin.call(
    'ACL',
    'SETUSER',
    'ann',
    'on',
    '>ann-s3cret',
    '~*',
    '+info',
    '+ping',
    '+select',
    '+client',
  );
  await admin.config('SET', 'requirepass', 'all-s3cret');
  admin.disconnect();
  directory = await mkdtemp(join(tmpdir(), 'koala-tls-'));
});
afterAll(async () => {
  for (const other of others) other.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The address of a server that has just been made. */
async function listening(other: Server, scheme: string): Promise<string> {
  others.push(other);
  other.on('connection', (socket) => socket.on('error', () => {}));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  return `${scheme}://:s3cret@127.0.0.1:${(other.address() as AddressInfo).port}`;
}

async function selfSigned(): Promise<Server> {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await execa('openssl', ['req', '-x509', ...curve, '-subj', '/CN=x', '-keyout', key, '-out', cert]);
  return createTlsServer({ key: await readFile(key), cert: await readFile(cert) });
}

/** An address of the Redis with a user and password. */
const as = (options: Record<string, string>) => `${server.url}?${new URLSearchParams(options)}`;

it.each([
  ['no password', async () => server.url, 'cannot be used: it wants a password'],
  [
    'a wrong password',
    async () => as({ password: 'wr0ng-s3cret' }),
    'cannot be used: it refuses user or password',
  ],
  [
    'a wrong user',
    async () => as({ username: 'bob', password: 'wr0ng-s3cret' }),
    'cannot be used: it refuses user or password',
  ],
  [
    'no such database',
    async () => as({ password: 'all-s3cret', db: '99' }),
    'cannot be used: it has no database of that number',
  ],
  [
    'a web server there',
    async () => listening(createServer(), 'redis'),
    'cannot be used: what answers there is not a Redis',
  ],
  ['no TLS there', async () => listening(createServer(), 'rediss'), 'cannot be used: it does not speak TLS'],
  [
    'an unknown certificate',
    async () => listening(await selfSigned(), 'rediss'),
    'cannot be used: its certificate is not trusted',
  ],
  [
    'one that hangs up',
    async () =>
      listening(
        createTcpServer((socket) => socket.destroy()),
        'redis',
      ),
    ': it closed the connection',
  ],
])('%s', async (_, address, message) => {
  const error = await connect({ url: await address() }).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  expect(error).toMatchObject({ kind: 'environment', message: expect.stringContaining(message) });
  const { cause, remedy } = error as { cause?: unknown; remedy?: string };
  expect(remedy).toBeTruthy();
  expect(`${(error as Error).message} ${remedy} ${JSON.stringify(cause)}`).not.toContain('s3cret');
});

it('a user who may not do what koalaci needs', async () => {
  const redis = await connect({ url: as({ username: 'ann', password: 'ann-s3cret' }) });
  const error = await claim(redis, buildingRecord({}), 60).catch((refusal: unknown) => refusal);
  redis.disconnect();
  expect(commandError(error)).toMatchObject({
    kind: 'environment',
    message: expect.stringMatching(/its user may not do what koalaci needs \(NOPERM .*evalsha/),
  });
});
