// package-lock.json and npm-shrinkwrap.json, from version 2 on: where each package is installed. Pure.
import { posix } from 'node:path';
import * as z from 'zod';
import type { LockReader } from './lockfile.js';

const names = z.record(z.string(), z.unknown()).optional();
const Place = z.looseObject({
  link: z.boolean().optional(),
  resolved: z.string().optional(),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});
const Lock = z.object({ lockfileVersion: z.number(), packages: z.record(z.string(), Place) });
type Places = z.infer<typeof Lock>['packages'];

/** The places that these packages, and what they need, find when Node looks for a name: from a directory upwards. */
export const readNpmLock: LockReader = (text, { directories }) => {
  const { success, data } = Lock.safeParse(JSON.parse(text));
  if (!success) return { why: 'package-lock.json is of npm 6 or older' };
  const { packages, lockfileVersion } = data;
  const found = new Set<string>();
  const open = [...directories];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const place = packages[at];
    if (!place || found.has(at)) continue;
    found.add(at);
    // A link leads to a directory of the repository, which may have dependencies of its own.
    open.push(...neededBy(packages, at), ...(place.link && place.resolved ? [place.resolved] : []));
  }
  const lines = [...found].sort().map((at) => `${at} ${JSON.stringify(packages[at])}`);
  const top = Object.keys(packages).filter((at) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(at));
  const foreign = top.filter((at) => !found.has(at) && !packages[at]?.link && !at.includes('\n'));
  return { lines: [`lockfileVersion ${lockfileVersion}`, ...lines], foreign };
};

function neededBy(packages: Places, at: string): string[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = packages[at] ?? {};
  const needed = { ...peerDependencies, ...optionalDependencies, ...devDependencies, ...dependencies };
  return Object.keys(needed).flatMap((name) => lookedUp(packages, at, name) ?? []);
}

function lookedUp(packages: Places, from: string, name: string): string | undefined {
  for (let directory = from; ; directory = posix.dirname(directory)) {
    const at =
      directory === '.' || directory === '' ? `node_modules/${name}` : `${directory}/node_modules/${name}`;
    if (packages[at]) return at;
    if (directory === '.' || directory === '') return undefined;
  }
}
