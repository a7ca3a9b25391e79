// Archives put to addresses that jobs have named, at a real HTTP server: whole, signed, and never into private networks.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactOwner } from '../../src/artifact/paths.js';
import { callbackKey, sign } from '../../src/outbound/signature.js';
import { putArchive } from '../../src/upload/put-archive.js';

const OWNER = { user: 'ann', project: 'site', deployment: 'd1' } as ArtifactOwner;
const PRIVATE = { artifactUrl: 'private', callbackSecret: 'what the receiver knows' } as const;
const bytes = randomBytes(5 << 20);
const sha256 = createHash('sha256').update(bytes).digest('hex');
let receiver: Server;
let url: string;
let got: { method: string | undefined; headers: IncomingHttpHeaders; body: Buffer }[];
let answer: { status: number; headers?: Record<string, string>; reads?: boolean };

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const { status, headers, reads = true } = answer;
    const body = reads ? await buffer(request).catch(() => Buffer.alloc(0)) : Buffer.alloc(0);
    got.push({ method: request.method, headers: request.headers, body });
    if (status === 0) request.destroy();
    else response.writeHead(status, headers).end('x'.repeat(1 << 20));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in?token=s3cret`;
});
beforeEach(() => {
  got = [];
  answer = { status: 201 };
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

async function* read() {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
}

function put(
  to: string,
  settings: Parameters<typeof putArchive>[2] = PRIVATE,
  signal = new AbortController().signal,
) {
  const archive = { identity: sha256, size: bytes.length, sha256, read };
  return putArchive({ ...OWNER, url: to, attempt: 'a1' }, archive, settings, signal);
}

it('puts the whole, with its length, its hash, and a signature by the key of its user', async () => {
  await put(url);
  const headers = got[0]?.headers ?? {};
  expect([got[0]?.method, got[0] && bytes.equals(got[0].body)]).toEqual(['PUT', true]);
  expect(headers).toMatchObject({
    'content-type': 'application/gzip',
    'content-length': String(bytes.length),
    'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    'koalaci-project': 'site',
    'koalaci-deployment': 'd1',
    'koalaci-id': 'a1',
  });
  const key = callbackKey(PRIVATE.callbackSecret, 'ann');
  const timestamp = String(headers['koalaci-timestamp']);
  expect(headers['koalaci-signature']).toBe(
    `sha256=${sign(key, { timestamp, id: 'a1', url, body: sha256 })}`,
  );
});

it('is not signed where there is no secret to sign with', async () => {
  await put(url, { artifactUrl: 'private', callbackSecret: undefined });
  expect(got[0]?.headers).not.toHaveProperty('koalaci-signature');
});

describe('what was not taken is an error that names the host, and nothing secret', () => {
  it.each([
    [{ status: 503 }, 'environment', 'answered 503'],
    [{ status: 429 }, 'environment', 'answered 429'],
    [{ status: 0, reads: false }, 'environment', 'did not take it'],
    [{ status: 403 }, 'conflict', 'answered 403'],
    // Refused before it was read.
    [{ status: 413, reads: false }, 'conflict', 'answered 413'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'conflict', 'redirects are not followed'],
  ])('%o', async (given, kind, message) => {
    answer = given;
    const error = await put(url).catch((caught) => caught);
    expect(error).toMatchObject({ kind, message: expect.stringContaining(message) });
    expect(error.message).toMatch(/^artifact_url: 127\.0\.0\.1:\d+ /);
    expect(error.message).not.toContain('s3cret');
    expect(got).toHaveLength(1);
  });
});

it.each([
  'https://127.0.0.1/x',
  'https://[::1]/x',
  'https://169.254.169.254/x',
  'https://localhost/x',
])('goes to no private address, unless the operator allows that: %s', async (to) => {
  await expect(put(to, { ...PRIVATE, artifactUrl: 'public' })).rejects.toMatchObject({
    kind: 'bad_input',
    message: expect.stringContaining('is not a public address'),
  });
});

it('ends with the signal', async () => {
  const end = new AbortController();
  const putting = put(url, PRIVATE, end.signal);
  end.abort(new Error('canceled'));
  await expect(putting).rejects.toThrow('canceled');
});
