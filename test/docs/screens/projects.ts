// The projects that guides build: small, and real.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = 'test/fixtures';
export type Files = Record<string, string>;

/** A site with React, built by Vite. */
export function site(): Files {
  const files = filesOf('vite-react');
  return {
    ...files,
    'package.json': json({ ...read(files, 'package.json'), name: 'my-site' }),
    '.nvmrc': '22\n',
  };
}

/** The same with a file that is imported and not there. */
export function broken(): Files {
  const main = site()['src/main.jsx'] ?? '';
  return { ...site(), 'src/main.jsx': `import { Cart } from './Cart.jsx';\n${main}console.log(Cart);\n` };
}

/** The same with a token in a page. */
export function leaky(): Files {
  return {
    ...site(),
    'src/token.js': 'export const key = import.meta.env.API_KEY;\n',
    'vite.config.js': EXPOSES,
    'index.html': INDEX,
  };
}

const EXPOSES = "export default { envPrefix: 'API_', build: { minify: false } };\n";
const INDEX =
  '<!doctype html>\n<script type="module">import { key } from "/src/token.js"; console.log(key);</script>\n';

/** A repository of two sites and a package that one of them uses. */
export function monorepo(): Files {
  const { 'package.json': manifest, 'package-lock.json': lockfile, ...sources } = filesOf('vite-react');
  const { dependencies, devDependencies, scripts } = JSON.parse(manifest ?? '') as Record<string, Files>;
  const { '': _, ...packages } = JSON.parse(lockfile ?? '').packages as Record<string, object>;
  const root = { name: 'everything', private: true, workspaces: ['apps/*', 'packages/*'] };
  const needs = { type: 'module', scripts, dependencies, devDependencies };
  const site = { name: 'site', version: '1.0.0', ...needs, dependencies: { ...dependencies, ui: '1.0.0' } };
  const members = {
    'apps/site': site,
    'apps/admin': { name: 'admin', version: '1.0.0', ...needs },
    'packages/ui': { name: 'ui', version: '1.0.0', type: 'module', main: 'index.js' },
  };
  const links = Object.entries(members).map(([path, { name }]) => [
    `node_modules/${name}`,
    { resolved: path, link: true },
  ]);
  const locked = { '': root, ...members, ...packages, ...Object.fromEntries(links) };
  return {
    'package.json': json(root),
    'package-lock.json': json({ name: 'everything', lockfileVersion: 3, requires: true, packages: locked }),
    'packages/ui/index.js': 'export const title = "Hello";\n',
    ...Object.fromEntries(Object.entries(members).map(([path, one]) => [`${path}/package.json`, json(one)])),
    ...under('apps/site', sources),
    ...under('apps/admin', sources),
  };
}

function filesOf(fixture: string): Files {
  const root = join(FIXTURES, fixture);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

function under(directory: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]));
}

function read(files: Files, path: string): object {
  return JSON.parse(files[path] ?? '{}');
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
