import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { LIST_BEGINS, LIST_ENDS } from '../../../src/artifact/manifest.js';
import { contentsOf } from '../../../src/report/contents.js';

const file = (path: string, size: number) => JSON.stringify({ path, type: 'file', mode: '644', size });

function manifest(entries: string[]) {
  const text = `{\n  "files": 1${LIST_BEGINS}${entries.map((one) => `    ${one}`).join(',\n')}${LIST_ENDS}`;
  return { size: text.length, read: () => Readable.from([Buffer.from(text)]), close: async () => {} };
}

it('has the largest files, and what each kind comes to', async () => {
  const many = Array.from({ length: 30 }, (_, n) => file(`img/${n}.png`, 10 + n));
  const found = await contentsOf(
    manifest([
      file('index.html', 5),
      file('a.JS', 100),
      ...many,
      file('LICENSE', 7),
      '{"path":"d","type":"directory","mode":"755"}',
    ]),
  );
  expect(found.largest.slice(0, 3)).toEqual([
    { path: 'a.JS', bytes: 100 },
    { path: 'img/29.png', bytes: 39 },
    { path: 'img/28.png', bytes: 38 },
  ]);
  expect(found.largest).toHaveLength(15);
  expect(found.kinds).toEqual([
    { name: 'images', files: 30, bytes: 735 },
    { name: 'scripts', files: 1, bytes: 100 },
    { name: 'other', files: 1, bytes: 7 },
    { name: 'pages', files: 1, bytes: 5 },
  ]);
});
