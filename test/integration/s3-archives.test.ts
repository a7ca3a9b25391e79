// Archives in an object store, against a real server: whole, in parts, over connections that break, and never another one's bytes.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArtifactOwner } from '../../src/artifact/paths.js';
import type { ArchiveStore } from '../../src/upload/archive-store.js';
import { openBucket, openS3Target } from '../../src/upload/s3/open.js';
import { S3Row } from '../../src/upload/s3/row.js';
import { BUCKET, KEY, S3Server } from '../support/s3-server.js';

const OWNER = { user: 'ann', project: 'site', deployment: 'd1' } as ArtifactOwner;
const AT = 'artifacts/ann/site/d1.tar.gz';
const bytes = randomBytes(20 << 20);
const sha256 = createHash('sha256').update(bytes).digest('hex');
let server: S3Server;
let home: string;
let row: S3Row;
let store: ArchiveStore;

beforeEach(async () => {
  server = await S3Server.start();
  home = await mkdtemp(join(tmpdir(), 'koala-s3-'));
  const { endpoint } = server;
  row = S3Row.parse({
    name: 'cdn',
    type: 's3',
    bucket: BUCKET,
    endpoint,
    path_style: true,
    artifacts: true,
    ...KEY,
  });
  store = openS3Target(row, {}).archives as ArchiveStore;
  await put(bytes);
});
afterEach(async () => {
  await server.stop();
  await rm(home, { recursive: true });
});

async function put(archive: Buffer): Promise<void> {
  const manifest = join(home, 'manifest');
  await writeFile(manifest, '{"files":1}');
  const hash = createHash('sha256').update(archive).digest('hex');
  async function* read() {
    for (let at = 0; at < archive.length; at += 1 << 20) yield archive.subarray(at, at + (1 << 20));
  }
  await store.put(
    OWNER,
    { identity: hash, size: archive.length, sha256: hash, read },
    manifest,
    new AbortController().signal,
  );
}

it('hands out the whole, a part, and the manifest', async () => {
  const archive = await store.archive(OWNER, sha256);
  expect(archive?.size).toBe(bytes.length);
  expect(archive && bytes.equals(await buffer(archive.read()))).toBe(true);
  expect(archive && (await buffer(archive.read(5, 9)))).toEqual(bytes.subarray(5, 10));
  const manifest = await store.manifest(OWNER, sha256);
  expect(manifest && String(await buffer(manifest.read()))).toBe('{"files":1}');
});

it('goes on where a connection broke', async () => {
  const archive = await store.archive(OWNER, sha256);
  let breaks = 3;
  server.breaksAfter = () => (breaks-- > 0 ? 3 << 20 : Number.POSITIVE_INFINITY);
  expect(archive && bytes.equals(await buffer(archive.read()))).toBe(true);
  expect(server.asked.filter((one) => one.startsWith('GET')).length).toBe(4);
});

it('never hands out as a whole what is not the archive of the record', async () => {
  const forged = { ContentType: 'application/gzip', Metadata: { archive: sha256 } };
  await openBucket(row, {}).put(AT, Buffer.concat([bytes.subarray(1), Buffer.from('x')]), forged);
  const archive = await store.archive(OWNER, sha256);
  await expect(archive && buffer(archive.read())).rejects.toThrow('is not the artifact that was shipped');
});

it('has no archive of an earlier build under the same id, nor of another project or user', async () => {
  await put(randomBytes(100));
  expect(await store.archive(OWNER, sha256)).toBeUndefined();
  expect(await store.manifest(OWNER, sha256)).toBeUndefined();
  await put(bytes);
  for (const other of [{ user: 'bob' }, { project: 'other' }, { deployment: 'd2' }])
    expect(await store.archive({ ...OWNER, ...other } as ArtifactOwner, sha256)).toBeUndefined();
});

it('removes an archive, but not the one that has taken its place', async () => {
  await store.remove(OWNER, 'f'.repeat(64));
  expect(await server.keys('artifacts/')).toEqual(['ann/site/d1.json', 'ann/site/d1.tar.gz']);
  await store.remove(OWNER, sha256);
  expect(await server.keys('artifacts/')).toEqual([]);
});
