// Reads package-lock.json and npm-shrinkwrap.json of all three versions. Pure.
import { type Dependency, digestOf, sourceOf } from '../dependency.js';

interface Entry {
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  bundled?: boolean;
}
/** Version 1 nests them. */
interface Nested extends Entry {
  dependencies?: Record<string, Nested>;
}

const MODULES = 'node_modules/';

export function readNpm(text: string): Dependency[] {
  const { packages, dependencies } = JSON.parse(text) as {
    packages?: Record<string, Entry>;
    dependencies?: Record<string, Nested>;
  };
  if (packages) return Object.entries(packages).flatMap(([path, entry]) => ofPath(path, entry));
  return nested(dependencies ?? {});
}

/** What is not in node_modules is of the project itself; a link leads there. */
function ofPath(path: string, entry: Entry): Dependency[] {
  const at = path.lastIndexOf(MODULES);
  if (at === -1 || entry.link) return [];
  return [dependencyOf(entry.name ?? path.slice(at + MODULES.length), entry)];
}

function nested(all: Record<string, Nested>): Dependency[] {
  return Object.entries(all).flatMap(([name, entry]) => {
    const below = nested(entry.dependencies ?? {});
    const { version = '' } = entry;
    if (version.startsWith('file:') && !version.endsWith('.tgz')) return below;
    // An alias: npm:name@version.
    const [, other, its] = /^npm:(.+)@([^@]+)$/.exec(version) ?? [];
    const isPlain = /^\d/.test(version);
    const shown = other
      ? { ...entry, version: its }
      : isPlain
        ? entry
        : { ...entry, version: '', resolved: version };
    return [dependencyOf(other ?? name, shown as Entry), ...below];
  });
}

function dependencyOf(
  name: string,
  { version = '', resolved, integrity, dev, devOptional }: Entry,
): Dependency {
  const source = sourceOf(resolved);
  const digest = digestOf(integrity);
  return {
    ...{ name, version, isDev: (dev ?? devOptional) === true },
    ...(source === undefined ? {} : { source }),
    ...(digest === undefined ? {} : { digest }),
  };
}
