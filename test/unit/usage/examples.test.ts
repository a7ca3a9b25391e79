import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../../src/usage/examples.js';

const SRC = resolve(import.meta.dirname, '../../../src');

it('every command has an example, and no other has one', () => {
  const files = readdirSync(SRC).filter((file) => file.startsWith('cli') && file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(join(SRC, file), 'utf8')).join('\n');
  const names = [...text.matchAll(/\.command\('([a-z-]+)'\)/g)].map(([, name = '']) => name);
  const parents = new Set(Object.keys(EXAMPLES).flatMap((name) => name.split(' ').slice(0, -1)));
  const own = (name: string) => name.split(' ').at(-1) ?? '';
  expect(names.filter((name) => !parents.has(name)).sort()).toEqual(Object.keys(EXAMPLES).map(own).sort());
  for (const [name, lines] of Object.entries(EXAMPLES))
    for (const line of lines) expect(line).toContain(`koalaci ${name}`);
});
