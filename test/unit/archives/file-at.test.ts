import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileAt } from '../../../src/archives/file-at.js';
import type { ListedEntry } from '../../../src/artifact/listing.js';

const file = (path: string): ListedEntry => ({ path, type: 'file', mode: '644', size: 1, sha256: path });
const directory = (path: string): ListedEntry => ({ path, type: 'directory', mode: '755' });
const link = (path: string, target: string): ListedEntry => ({ path, type: 'link', mode: '777', target });

const ENTRIES = [
  ...[file('index.html'), directory('docs'), directory('docs/v2'), file('docs/v2/a.html'), file('ü "x".txt')],
  ...[{ path: 'copy', type: 'hard_link', mode: '644', target: 'docs/v2/a.html' } as const],
  ...[link('home', 'index.html'), link('docs/latest', 'v2'), link('docs/up', '../index.html')],
  ...[link('around', './docs/latest/'), link('loop', 'loop'), link('out', '../../etc/passwd')],
  ...[link('absolute', '/etc/passwd'), link('nowhere', 'gone')],
  ...[{ path: 'x","type":"file', type: 'file', mode: '644', size: 1, sha256: 'quotes' } as const],
];

it.each([
  ['index.html', 'index.html'],
  ['docs/v2/a.html', 'docs/v2/a.html'],
  ['ü "x".txt', 'ü "x".txt'],
  ['x","type":"file', 'quotes'],
  ['copy', 'docs/v2/a.html'],
  ['home', 'index.html'],
  ['docs/up', 'index.html'],
  ['docs/latest/a.html', 'docs/v2/a.html'],
  ['around/a.html', 'docs/v2/a.html'],
  ['docs', undefined],
  ['', undefined],
  ['nothing', undefined],
  ['index.html/', undefined],
  ['index.html/x', undefined],
  ['docs//v2/a.html', undefined],
  ['docs/../index.html', undefined],
  ['../index.html', undefined],
  ['loop', undefined],
  ['out', undefined],
  ['absolute', undefined],
  ['nowhere', undefined],
])('at %j is the content of %j', async (path, sha256) => {
  const work = await mkdtemp(join(tmpdir(), 'koala-file-at-'));
  onTestFinished(() => rm(work, { recursive: true }));
  const manifest = join(work, 'd1.json');
  const lines = ENTRIES.map((entry) => `    ${JSON.stringify(entry)}`);
  await writeFile(manifest, `{\n  "files": 1,\n  "entries": [\n${lines.join(',\n')}\n  ]\n}\n`);
  expect((await fileAt(manifest, path))?.sha256).toBe(sha256);
});
