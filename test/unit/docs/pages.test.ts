// The pages for users: their screens are made by a program, and so are their tables.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filled, placesIn, unmarkedScreens } from '../../docs/marked.js';
import { PAGES } from '../../docs/pages.js';
import { REFERENCE_PAGE, referencePage } from '../../docs/reference/page.js';
import { TABLES } from '../../docs/reference/tables.js';
import { SCENES } from '../../docs/screens/scenes.js';
import { saysTheSame, stable } from '../../docs/screens/stable.js';
import { ROOT } from '../../support/koalaci.js';

const pages = PAGES.map((page) => ({ page, text: readFileSync(`${ROOT}/${page}`, 'utf8') }));
const places = pages.flatMap(({ text }) => placesIn(text));

it('every screen has its mark, and what makes it; and every scene has a place', () => {
  const bare = pages.flatMap(({ page, text }) => unmarkedScreens(text).map((line) => `${page}: ${line}`));
  expect(bare, 'put <!-- screen NAME --> before it, and a scene into test/docs/screens').toEqual([]);
  const shown = places.filter(({ kind }) => kind === 'screen').map(({ name }) => name);
  expect([...new Set(shown)].sort()).toEqual(Object.keys(SCENES).sort());
});

it('every screen fits a terminal of 80 columns, but for what was typed', () => {
  const lines = places.flatMap(({ kind, text }) => (kind === 'screen' ? text.split('\n') : []));
  expect(lines.filter((line) => line.length > 80 && !line.startsWith('$ '))).toEqual([]);
});

it('the tables are those of the code', () => {
  const tables = places.filter(({ kind }) => kind === 'table');
  expect(tables.length).toBeGreaterThan(0);
  for (const { name, text } of tables) expect(text, 'type: npm run reference').toBe(TABLES[name]?.());
});

it('the reference is made anew when what it is made of has changed', () => {
  expect(readFileSync(`${ROOT}/${REFERENCE_PAGE}`, 'utf8'), 'type: npm run reference').toBe(referencePage());
});

it('fills places by their names, and leaves all else', () => {
  const page =
    'a\n<!-- screen one -->\n```\n$ old\n```\nb\n<!-- table two -->\n| old |\n\nc\n```\n$ bare\n```\n';
  const text = filled(page, ({ name }) => ({ one: '$ new', two: '| new |' })[name]);
  expect(text).toBe(
    'a\n<!-- screen one -->\n```\n$ new\n```\nb\n<!-- table two -->\n| new |\n\nc\n```\n$ bare\n```\n',
  );
  expect(unmarkedScreens(text)).toEqual(['$ bare']);
});

it('a screen that differs in times, sizes and random ids says the same', () => {
  const made = { home: '/tmp/abcdef', data: '/tmp/kabcdef', port: '8099', digits: new Map<string, string>() };
  const screen = (time: string, bar: string, id: string) =>
    stable(
      `✔ build ${time}\n  build ${time}  ${bar}\n  artifact /tmp/kabcdef/artifacts/site-3f9c2a1-${id}.tar.gz`,
      made,
    );
  expect(screen('0.4 s', '━━', 'b9a1c0')).toMatch(
    /\/opt\/koalaci\/artifacts\/site-3f9c2a1-(?!b9a1c0)\w{6}\.tar\.gz/,
  );
  expect(saysTheSame(screen('0.4 s', '━━', 'b9a1c0'), screen('12 s', '━━━━━━', '1c2d3e'))).toBe(true);
  expect(saysTheSame('✔ build 1 s', '✖ build 1 s')).toBe(false);
});
