// What the bundle does for the start of the command line, beside being one.
import { readFileSync } from 'node:fs';

/** What packages load though koalaci has little or no use for it: by whom, what, and what they get in its place. */
const INSTEAD = [
  // It asks whether Node.js is 6.12, 15.7 or 16.9; koalaci starts with none that is older.
  { by: 'jsonwebtoken', path: 'semver', contents: 'exports.satisfies = () => true;' },
  // It looks for it in all directories above, and has a few more colours if it is there.
  { by: 'debug', path: 'supports-color', contents: '' },
  // For commands that are programs of their own.
  { by: 'commander', path: 'node:child_process', contents: '' },
  // For addresses with rediss://, for clusters, and for answers that are errors.
  { by: 'ioredis', path: 'tls', contents: later('node:tls', 'connect') },
  { by: 'ioredis', path: 'dns', contents: later('node:dns', 'lookup', 'resolveSrv') },
  {
    by: 'redis-errors',
    path: 'assert',
    contents: `module.exports = (...given) => require('node:assert')(...given);${later('node:assert', 'strictEqual')}`,
  },
];

/** Functions of a module that is loaded when one of them is called. */
function later(path, ...names) {
  return names
    .map((name) => `module.exports.${name} = (...given) => require('${path}').${name}(...given);`)
    .join('');
}

/** Mends what takes a package longer to load than a command has. */
export const quickStart = {
  name: 'quick-start',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\/ioredis\/built\/utils\/Commander\.js$/ }, ({ path }) => ({
      contents: commander(path),
    }));
    for (const { by, path, contents } of INSTEAD) {
      onResolve({ filter: new RegExp(`^${path}$`) }, ({ importer }) =>
        importer.includes(`/node_modules/${by}/`)
          ? { path: `${by}/${path}`, namespace: 'instead' }
          : undefined,
      );
      onLoad({ filter: new RegExp(`^${by}/${path}$`), namespace: 'instead' }, () => ({ contents }));
    }
  },
};

/**
 * ioredis gives a prototype 600 methods, one by one. V8 describes it anew for each, until something is deleted from it: then it becomes
 * a table.
 */
function commander(path) {
  const source = readFileSync(path, 'utf8');
  const place = 'commands.forEach(';
  if (!source.includes(place)) throw new Error(`${path}: has no "${place}" any more; see ci/quick-start.js`);
  return source.replace(place, `delete Commander.prototype.constructor;\n${place}`);
}

/** Leaves out what the box does for other commands only: they are not in the file of the quick ones. */
export const onlyQuick = {
  name: 'only-quick',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, importer, kind }) =>
      kind === 'dynamic-import' && importer.endsWith('/backend/box.ts')
        ? { path, external: true }
        : undefined,
    );
  },
};
