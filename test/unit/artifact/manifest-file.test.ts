import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeManifest } from '../../../src/artifact/manifest.js';
import { builtAtOf, readHead, readManifest } from '../../../src/artifact/manifest-file.js';
import { artifact, buildingRecord } from '../../support/records.js';

let work: string;
let file: string;
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-manifest-'));
  file = join(work, 'd1.json');
});
afterEach(() => rm(work, { recursive: true }));

const ENTRY = { path: 'a', type: 'directory', mode: '755' };
// A branch may have a name that looks like what it is not.
const record = buildingRecord({
  ...{ createdAt: 1_000, startedAt: 2_000, branch: 'x",\n  "entries": [\n', artifact },
  steps: [
    { step: 'build', startedAt: 3_000, endedAt: 4_000 },
    { step: 'artifact', startedAt: 5_000 },
  ],
});

async function write(entries: object[]): Promise<void> {
  const list = join(work, 'list');
  await writeFile(list, entries.map((entry) => JSON.stringify(entry)).join(',\n'));
  await writeManifest(file, record, list, { hasArchive: true, archiveTime: 1, hosting: {} });
}

it('is read whole, or without its list, of which nothing need be there then', async () => {
  await write(Array.from({ length: 10_000 }, () => ENTRY));
  expect((await readManifest(file))?.entries).toHaveLength(10_000);
  await truncate(file, 20_000);
  const head = await readHead(file);
  expect(head).toMatchObject({
    isListed: true,
    created_at: 1_000,
    branch: record.branch,
    sha256: artifact.sha256,
  });
  expect(head && builtAtOf(head)).toBe(4_000);
  expect(await readManifest(file)).toBeUndefined();
});

it('may have an empty list', async () => {
  await write([]);
  expect((await readManifest(file))?.entries).toEqual([]);
});

it('of an earlier version has no list', async () => {
  const head = {
    deployment_id: 'd1',
    project_id: 'site',
    user_id: 'ann',
    branch: 'main',
    sha256: 'x',
    files: 1,
    bytes: 2,
  };
  await writeFile(file, JSON.stringify(head, null, 2));
  expect(await readHead(file)).toEqual({ ...head, isListed: false });
  expect(await readManifest(file)).toEqual(head);
});

it.each([
  ['nothing', ''],
  ['a part of one', '{'],
  ['other JSON', 'null'],
  ['one that says too little', '{"deployment_id":"d1"}'],
  ['a large file', 'x'.repeat(2 << 20)],
])('%s is none', async (_what, text) => {
  await writeFile(file, text);
  expect([await readHead(file), await readManifest(file)]).toEqual([undefined, undefined]);
});
