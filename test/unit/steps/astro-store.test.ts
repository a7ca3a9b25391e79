// When a warm build may keep the pages that Astro has rendered.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const LIBRARY = `STATE=/nowhere WORKSPACE=.; source "${STEPS}/tool-cache-astro.sh"`;

async function tracked(files: Record<string, string>): Promise<string> {
  const at = await workspaceOf(files);
  await execa('git', ['init', '-q'], { cwd: at });
  await execa('git', ['add', '-A'], { cwd: at });
  return at;
}

async function isPlain(files: Record<string, string>): Promise<boolean> {
  const at = await tracked({ 'package.json': '{}', ...files });
  const { exitCode } = await callSteps([], `${LIBRARY}; astro-store::_is_plain`, { at });
  return exitCode === 0;
}

const config = (line: string, rest = '{}') => `${line}\nexport default defineConfig(${rest});\n`;

it.each([
  ['no configuration', {}],
  ['Astro’s own', { 'astro.config.mjs': config("import { defineConfig } from 'astro/config';") }],
  [
    'official integrations',
    { 'web/astro.config.ts': config('import mdx from "@astrojs/mdx"', '{ prefetch: true }') },
  ],
  [
    'collections and their schemas',
    {
      'src/content.config.ts':
        "import { z } from 'astro:content';\nimport {\n  glob\n} from 'astro/loaders';\n",
    },
  ],
])('stays with %s', async (_, files) => {
  expect(await isPlain(files)).toBe(true);
});

it.each([
  ['a file of the project', { 'astro.config.mjs': config("import mine from './mine.mjs';") }],
  ['a module of Node', { 'src/content.config.ts': "import { readFileSync } from 'node:fs';\n" }],
  ['a plugin by its name', { 'astro.config.mjs': config('', "{ markdown: { remarkPlugins: ['x'] } }") }],
  ['a package of others', { 'src/content/config.ts': 'import {x}\nfrom "somewhere"\n' }],
  ['an import for its effects', { 'astro.config.mjs': "import './effects.mjs';\n" }],
  ['what is exported again', { 'src/content.config.ts': "export * from '../collections';\n" }],
  ['an import at run time', { 'astro.config.mjs': "await import('astro/config');\n" }],
  ['the highlighter’s configuration', { 'ec.config.mjs': "import plugin from '@expressive-code/x';\n" }],
  ['a loader that asks the network', { 'src/content.config.ts': 'const loader = () => fetch(address);\n' }],
])('goes with %s', async (_, files) => {
  expect(await isPlain(files)).toBe(false);
});

it('is made from the text of all files but Markdown, and from the names of these', async () => {
  const at = await tracked({ 'a.md': 'one', 'b.mdx': 'one', 'data.json': '{}' });
  const madeFrom = async (env: string) => {
    await execa('git', ['add', '-A'], { cwd: at });
    const script = `${LIBRARY}; install-key::hash() { sha256sum; }; FACTS[project]=. JOB[command]=x JOB_ENV=("$1"); astro-store::_made_from`;
    const { exitCode, stdout } = await callSteps([], script, { at, words: [env] });
    expect(exitCode).toBe(0);
    return stdout;
  };
  const before = await madeFrom('A=1');
  await writeFile(join(at, 'a.md'), 'two');
  expect(await madeFrom('A=1')).toBe(before);
  const seen = new Set([before]);
  for (const change of [
    () => writeFile(join(at, 'data.json'), '[]'),
    () => writeFile(join(at, 'b.mdx'), 'two'),
    () => mkdir(join(at, 'c')).then(() => rename(join(at, 'a.md'), join(at, 'c/a.md'))),
  ]) {
    await change();
    seen.add(await madeFrom('A=1'));
  }
  seen.add(await madeFrom('A=2'));
  expect(seen.size).toBe(5);
});
