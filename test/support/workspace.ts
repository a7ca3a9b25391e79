// A monorepo of npm as the tree of a commit: apps/site needs packages/ui, and apps/admin packages/util.
import { createHash } from 'node:crypto';
import { type Related, relatedOf } from '../../src/reuse/related.js';
import type { Tree } from '../../src/reuse/tree.js';

export type Files = Record<string, string | { mode: string; id: string }>;

export const FILES: Files = {
  'package.json': JSON.stringify({ name: 'root', workspaces: ['apps/*', 'packages/*'] }),
  'package-lock.json': lock({}),
  'tsconfig.json': '{}',
  'apps/site/package.json': JSON.stringify({ name: 'site', dependencies: { ui: '*', mitt: '1' } }),
  'apps/site/index.js': 'site',
  'apps/admin/package.json': JSON.stringify({ name: 'admin', version: '1.0.0', dependencies: { util: '*' } }),
  'apps/admin/src/page.js': 'admin',
  'packages/ui/package.json': JSON.stringify({ name: 'ui' }),
  'packages/ui/button.js': 'button',
  'packages/util/package.json': JSON.stringify({ name: 'util', dependencies: { nanoid: '3' } }),
};

/** A lockfile of npm with its packages, and more places. */
export function lock(more: Record<string, object>): string {
  const packages = {
    '': {},
    'apps/site': { dependencies: { ui: '*', mitt: '1' } },
    'apps/admin': { dependencies: { util: '*' } },
    'packages/util': { dependencies: { nanoid: '3' } },
    'node_modules/ui': { resolved: 'packages/ui', link: true },
    'node_modules/util': { resolved: 'packages/util', link: true },
    'node_modules/mitt': { version: '1.0.0', dependencies: { tiny: '1' } },
    'node_modules/tiny': { version: '1.0.0' },
    'node_modules/nanoid': { version: '3.0.0' },
    ...more,
  };
  return JSON.stringify({ lockfileVersion: 3, packages });
}

/** The tree of a commit with these files. */
export function treeOf(files: Files): Tree {
  const idOf = (text: string) => createHash('sha1').update(text).digest('hex');
  const entries = Object.entries(files)
    .map(([path, is]) => (typeof is === 'string' ? { mode: '100644', id: idOf(is), path } : { ...is, path }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const texts = new Map(
    Object.values(files).flatMap((is) => (typeof is === 'string' ? [[idOf(is), is] as const] : [])),
  );
  return { id: '', entries, changed: undefined, texts };
}

/** What a package depends on, which has to be known. */
export function known(files: Files, root = 'apps/site'): Related {
  const related = relatedOf(treeOf(files), root, 'auto');
  if ('why' in related) throw new Error(related.why);
  return related;
}
