import { describe, expect, it } from 'vitest';
import { argumentsOf, settingIn, stringsIn } from '../../../ci/steps/detection/script-settings.mjs';

const IN_VITE = 'build.outDir';

describe('a setting of a configuration is read where it is as plain as a literal', () => {
  it.each([
    ['in an exported object', "export default { build: { outDir: 'www' } }"],
    ['in a call', "export default defineConfig({ plugins: [vue()], build: { outDir: 'www' } })"],
    [
      'in what a function returns',
      "export default defineConfig(({ mode }) => { return { build: { outDir: 'www' } } })",
    ],
    [
      'in what a short function returns',
      "export default defineConfig(async () => ({ build: { outDir: 'www' } }))",
    ],
    [
      'in a variable with a type',
      "const config: UserConfig = { build: { outDir: 'www' } };\nexport default config;",
    ],
    ['in CommonJS', "module.exports = { build: { outDir: 'www' } };"],
    ['with quotes around names', 'export default { "build": { "outDir": "www" } }'],
    ['as a template', 'export default { build: { outDir: `www` } }'],
    ['as a type of its own', "export default { build: { outDir: 'www' as const } } satisfies UserConfig"],
    ['as a constant', "const outDir = 'www';\nexport default { build: { outDir } }"],
    [
      'as a constant of another name',
      "const target = 'www';\nexport default { build: { outDir: target, minify: true } }",
    ],
    ['as a choice of a variable', "export default { build: { outDir: process.env.S ? 'a' : 'www' } }"],
    [
      'as a choice of a variable by its name',
      "const isServer = process.env.S || false;\nexport default { build: { outDir: isServer ? 'a' : 'www' } }",
    ],
    [
      'as a choice of what a variable is',
      "export default { build: { outDir: process.env.S === 'a' ? 'a' : 'www' } }",
    ],
    [
      'by a function of its own',
      "const root = (...parts) => path.join('www', ...parts);\nexport default { build: { outDir: root() } }",
    ],
    [
      'as what is given to a property',
      "const paths = {};\npaths.out = 'www';\nexport default { build: { outDir: paths.out } }",
    ],
    ['as a choice of the environment', "export default { build: { outDir: process.env.OUT || 'www' } }"],
    [
      'as a choice of a comparison',
      "const dev = process.env.NODE_ENV !== 'production';\nexport default { build: { outDir: dev ? 'x' : 'www' } }",
    ],
    [
      'as a part of a constant',
      "const paths = { out: 'www' };\nexport default { build: { outDir: paths.out } }",
    ],
    ['as a text in parts', "const name = 'w';\nexport default { build: { outDir: name + 'ww' } }"],
    ['after a comment', "export default { // outDir: 'a'\n build: { /* outDir: 'b' */ outDir: 'www' } }"],
    ['after a text with braces', "export default { banner: '}{', build: { outDir: 'www' } }"],
    ['after a regular expression', "export default { test: /['{]/, build: { outDir: 'www' } }"],
    ['after a division', "export default { a: (1 + 2) / 3, b: 1 / 2, build: { outDir: 'www' } }"],
    [
      'after a template with templates in it',
      `export default { a: \`\${b ? \`}\` : '{'}\`, build: { outDir: 'www' } }`,
    ],
    ['twice, but the same', "export default [{ build: { outDir: 'www' } }, { build: { outDir: 'www' } }]"],
  ])('%s', (_, source) => {
    expect(settingIn(source, IN_VITE)).toEqual({ value: 'www' });
  });

  it.each([
    ['as a path from the file', "export default { build: { outDir: path.resolve(__dirname, 'www') } }"],
    ['as a path in parts', "export default { build: { outDir: join(import.meta.dirname, '.', 'www') } }"],
    [
      'as a path from an address',
      "export default { build: { outDir: fileURLToPath(new URL('www', import.meta.url)) } }",
    ],
    ['as a path in a template', 'export default { build: { outDir: `$' + '{__dirname}/www` } }'],
    [
      'as a path of a name',
      "const at = path.join(__dirname, 'www');\nexport default { build: { outDir: at } }",
    ],
  ])('%s, which is relative to no root', (_, source) => {
    expect(settingIn(source, IN_VITE)).toEqual({ value: 'www', isPath: true });
  });

  it('as a path from a file in a directory', () => {
    const source = "export default { build: { outDir: path.join(__dirname, '../www') } }";
    expect(settingIn(source, IN_VITE, { folder: 'conf' })).toEqual({ value: 'www', isPath: true });
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('as %s', (text, value) => {
    expect(settingIn(`export default { ssr: ${text} }`, 'ssr')).toEqual({ value });
  });
});

describe('what only the program knows is said to be unsure:', () => {
  it.each([
    ['an object in one of several cases', "export default { ...(dev ? { build: { outDir: 'a' } } : {}) }"],
    ['what is assigned later', "const c = {};\nif (dev) c.build.outDir = 'a';\nexport default c"],
    [
      'a name that is declared twice',
      "function a() { const out = 'a'; }\nconst out = 'www';\nexport default { build: { outDir: out } }",
    ],
    ['a text with a variable', 'export default { build: { outDir: `$' + '{process.env.S}/www` } }'],
    ['a choice', "export default { build: { outDir: isServer ? 'server' : 'www' } }"],
    ['a text put together', "export default { build: { outDir: 'www' + suffix } }"],
    ['a template with an expression', 'export default { build: { outDir: `www/$' + '{name}` } }'],
    ['a name that is imported', "import { outDir } from './paths.js';\nexport default { build: { outDir } }"],
    ['a path from elsewhere', "export default { build: { outDir: path.resolve(root, 'www') } }"],
    ['a call', 'export default { build: { outDir: outDirOf(mode) } }'],
    [
      'two values',
      "if (a) module.exports = { build: { outDir: 'x' } }; else module.exports = { build: { outDir: 'y' } };",
    ],
    ['a variable that changes', "let out = 'www';\nout = 'x';\nexport default { build: { outDir: out } }"],
  ])('%s', (_, source) => {
    expect(settingIn(source, IN_VITE)).toHaveProperty('unsure');
  });
});

describe('what is something else is not taken for the setting:', () => {
  it.each([
    ['the same name elsewhere', "export default { test: { outDir: 'x' }, outDir: 'y' }"],
    ['an option of a plugin', "export default { plugins: [copy({ build: { outDir: 'x' } })] }"],
    ['an argument of a call in its place', "export default { build: merge({ outDir: 'x' }) }"],
    ['one branch of a choice', "export default { build: a ? { minify: true } : { outDir: 'x' } }"],
    ['a comment', "export default {} // build: { outDir: 'x' }"],
    ['a text', 'export default { note: "build: { outDir: \'x\' }" }'],
    ['no program at all', '<<<<<<< HEAD { [ (('],
    ['nothing', ''],
  ])('%s', (_, source) => {
    expect(settingIn(source, IN_VITE)).toBeUndefined();
  });
});

it('reads options of a call by a * in their name', () => {
  const source = "export default { kit: { adapter: adapter({ pages: 'www', assets: 'www' }) } }";
  expect(settingIn(source, 'kit.adapter.*.pages')).toEqual({ value: 'www' });
});

it('reads what a function is called with, and the packages that are imported', () => {
  const source =
    "import a from '@sveltejs/adapter-static'; // from '@sveltejs/adapter-node'\nconfig.setOutputDirectory('www');";
  expect(argumentsOf(source, 'setOutputDirectory')).toEqual([{ value: 'www' }]);
  expect(stringsIn(source)).toEqual(['@sveltejs/adapter-static', 'www']);
});

it('takes a long configuration in linear time', () => {
  const many = Array.from({ length: 20_000 }, (_, n) => `a${n}: { b: \`\${[${n}]}\`, c: /x{${n}}/ }`).join(
    ',\n',
  );
  expect(settingIn(`export default { ${many}, build: { outDir: 'www' } }`, IN_VITE)).toEqual({
    value: 'www',
  });
});
