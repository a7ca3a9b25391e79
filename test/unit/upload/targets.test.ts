import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openTargets, parseTargets, readTargets, targetsFile } from '../../../src/upload/targets.js';

const home = mkdtempSync(join(tmpdir(), 'koala-targets-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const S3 = { name: 'cdn', type: 's3', bucket: 'sites' };
const ROW = { name: 'production', type: 'directory', directory: '/srv/sites' };

it('are none without a file', async () => {
  expect(targetsFile({ targets: undefined }, home)).toBeUndefined();
  expect(await readTargets(undefined)).toEqual([]);
});

it('are those of the data directory, or of the file that the setting names, for their owner only', async () => {
  const file = join(home, 'targets.json');
  writeFileSync(file, JSON.stringify([ROW]), { mode: 0o600 });
  expect(targetsFile({ targets: undefined }, home)).toBe(file);
  expect(targetsFile({ targets: '/etc/t.json' }, home)).toBe('/etc/t.json');
  const [target] = await openTargets(await readTargets(file), {});
  expect([target?.target.name, target?.keep, target?.branches]).toEqual(['production', 5, undefined]);
  writeFileSync(join(home, 'open.json'), JSON.stringify([ROW]), { mode: 0o644 });
  await expect(readTargets(join(home, 'open.json'))).rejects.toThrow('may be read by others');
  await expect(readTargets(join(home, 'none.json'))).rejects.toThrow('cannot be read');
});

it.each([
  ['no JSON', '[{ "secret": 1 ', /the file: is not JSON$/],
  ['no list', ROW, /the file: must be a list of rows/],
  ['what is no row', ['x'], /row 1: must be an object$/],
  ['a row without a name', [{ ...ROW, name: undefined }], /row 1: name: is missing$/],
  ['a name that is no label', [{ ...ROW, name: 'a:b' }], /row 1 \(a:b\): name: must be 1 to 63/],
  ['a row without a type', [{ ...ROW, type: undefined }], /row 1 \(production\): type: is missing$/],
  ['another type', [{ ...ROW, type: 'ftp' }], /\(production\): type: must be one of: directory/],
  ['a relative path', [{ ...ROW, directory: 'srv' }], /directory: must be an absolute path$/],
  ['a field that is none', [{ ...ROW, kep: 1 }], /row 1 \(production\): kep: is not a field$/],
  ['to keep none', [{ ...ROW, keep: 0 }], /keep: must be at least 1$/],
  ['no branches', [{ ...ROW, branches: [] }], /branches: must have a branch$/],
  ['an object store without a bucket', [{ name: 'cdn', type: 's3' }], /row 1 \(cdn\): bucket: is missing$/],
  ['an endpoint that is none', [{ ...S3, endpoint: 'ftp://s3' }], /endpoint: must be an http:\/\/ or/],
  ['a prefix that leads out', [{ ...S3, prefix: '/a' }], /prefix: must be names with a slash between/],
  [
    'assets kept for what is no time',
    [{ ...S3, keep_assets: 'long' }],
    /keep_assets: must be a time, such as/,
  ],
  ['two of a name', [ROW, ROW], /the file: has two rows with the name production$/],
])('refuse %s, and say where', (_, content, message) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  expect(() => parseTargets(text)).toThrow(message);
});

it('open an object store with its own key, or that of the environment, and with nothing else', async () => {
  const rows = parseTargets(JSON.stringify([S3]));
  const key = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
  expect((await openTargets(rows, key))[0]?.target.name).toBe('cdn');
  await expect(openTargets(rows, {})).rejects.toThrow(
    'target cdn has no access_key_id and secret_access_key',
  );
  const half = parseTargets(JSON.stringify([{ ...S3, access_key_id: 'other' }]));
  await expect(openTargets(half, key)).rejects.toThrow('target cdn has no access_key_id');
});
