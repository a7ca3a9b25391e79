// Every row of the table of frameworks, each on the smallest projects that show it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Framework, frameworks } from '../../../ci/steps/detection/table.mjs';
import { detect, manifest, summary } from '../../support/detection.js';
import { STEPS } from '../../support/steps.js';

const rows = frameworks();
const ofNode = rows.filter(({ packages }) => packages.length > 0);
const others = rows.filter(({ packages }) => packages.length === 0);
/** A compiler counts only where a build script runs it. */
const isTool = ({ group }: Framework) => group === 'tools';
/** What each spelling of a row's command is called with in these projects. */
const spellings = ofNode.flatMap((row) => row.commands.map((command) => ({ row, command })));
const flags = ofNode.flatMap((row) => row.flags.map((flag) => ({ row, flag })));
const settings = [...ofNode, ...others].flatMap((row) => row.settings.map((place) => ({ row, place })));

/** The smallest file of signs: a word after # is a key of it. */
function signOf(sign: string): Record<string, string> {
  const [name = '', word] = sign.split('#');
  const equals = name.endsWith('.toml') ? ' = ' : ': ';
  return { [name]: word === undefined ? '' : `${word}${equals}"https://example.org"\n` };
}

/** The files of both; of one that both have, the second one's text comes first: after it, a TOML may be in a section. */
function joined(one: Record<string, string>, other: Record<string, string>): Record<string, string> {
  const texts = Object.entries(other).map(([name, text]) => [name, text + (one[name] ?? '')]);
  return { ...one, ...Object.fromEntries(texts) };
}

/** A configuration in which a key has a value. */
function configOf(name: string, key: string, value: string): Record<string, string> {
  const nested = key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
  const json = JSON.stringify(nested);
  if (/\.json$|rc$/.test(name)) return { [name]: json };
  if (name.endsWith('.yml')) return { [name]: `${key}: ${value}\n` };
  const parts = key.split('.');
  if (name.endsWith('.toml'))
    return {
      [name]: `${parts.length > 1 ? `[${parts.slice(0, -1).join('.')}]\n` : ''}${parts.at(-1)} = "${value}"\n`,
    };
  return { [`${name}.js`]: `export default ${json};\n` };
}

describe('the table', () => {
  it('has at least 40 frameworks, each once, and sites before bundlers', () => {
    const names = rows.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(40);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(rows.map(({ group }) => group))]).toEqual([
      'sites',
      'bundlers',
      'documents',
      'tools',
      'others',
    ]);
  });

  it('has six columns in each row', () => {
    const [table = ''] = readFileSync(join(STEPS, 'detection/frameworks.txt'), 'utf8').split('\n[caches]');
    const odd = table.split('\n').filter((line) => /^[^#[\s]/.test(line) && line.split(/ {2,}/).length !== 6);
    expect(odd).toEqual([]);
  });
});

describe('by its package alone', () => {
  it.each(ofNode.filter((row) => !isTool(row)))('$name is found, with its own command', async (row) => {
    for (const name of row.packages) {
      const { framework, build_command, public_env_prefix } = await detect({
        'package.json': manifest([name]),
      });
      expect(framework).toEqual({ value: row.name, reason: `${name} in dependencies`, file: 'package.json' });
      expect(build_command.value).toBe(`npx ${row.commands[0]}`);
      expect(public_env_prefix.value).toBe(row.env ?? null);
    }
  });
});

describe('by the script that runs it', () => {
  it.each(spellings)('$row.name: $command', async ({ row, command }) => {
    const [name = ''] = row.packages;
    // A bundler that is there as well is not what builds it.
    const all = row.packages.includes('vite') ? [name] : ['vite', name];
    const files = { 'package.json': manifest(all, { scripts: { dev: 'x', build: command } }) };
    expect(summary(await detect(files)).slice(0, 2)).toEqual([row.name, 'npm run build']);
  });

  it.each(flags)('$row.name writes where $flag says', async ({ row, flag }) => {
    const build = `${row.commands.at(-1)} ${flag} else/where`;
    const { dist_directory } = await detect({
      'package.json': manifest(row.packages.slice(0, 1), { scripts: { build } }),
    });
    expect(dist_directory.value).toBe('else/where');
  });
});

describe('by its configuration', () => {
  it.each(settings)('$row.name: $place', async ({ row, place }) => {
    const [file = '', key = ''] = place.replace('{dir}', 'docs').split('#');
    const scripts = { build: `${row.commands[0]}${place.includes('{dir}') ? ' docs' : ''}` };
    const project =
      row.packages.length > 0
        ? { 'package.json': manifest(row.packages.slice(0, 1), { scripts }) }
        : signOf(row.files[0] ?? '');
    const { dist_directory } = await detect(joined(project, configOf(file, key, 'else/where')));
    const value = place.startsWith('{dir}') ? 'docs/else/where' : 'else/where';
    expect(dist_directory).toMatchObject({ value, reason: key });
    expect(dist_directory.file).toMatch(file.split('/').at(-1) ?? '');
  });

  it.each(others)('$name is found by each of its files', async (row) => {
    for (const sign of row.files) {
      const found = await detect({ ...signOf(sign), Gemfile: '' });
      const directory = dirname(sign.split('#')[0] ?? '');
      /** {dir} is the directory of the sign. */
      const there = (text = '') =>
        text.replaceAll('{dir}/', directory === '.' ? '' : `${directory}/`).replaceAll('{dir}', directory);
      expect(summary(found)).toEqual([row.name, there(row.commands[0]), there(row.dist)]);
      expect(found.framework.file).toBe(sign.split('#')[0]);
      expect(found.package_manager.value).toBe('none');
    }
  });
});
