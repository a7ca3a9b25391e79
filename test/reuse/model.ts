// A monorepo of packages that changes from commit to commit, and what a build of one of them reads. No git, no package manager: the
// tree and the lockfile are what these would have.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';

export const MANAGERS = ['npm', 'pnpm', 'yarn', 'berry'] as const;
export type Manager = (typeof MANAGERS)[number];

export interface Member {
  name: string;
  files: Record<string, string>;
  /** Other members, and published packages with their versions. */
  needs: string[];
  published: Record<string, string>;
  /** What its build reads without declaring it: a file of another member, or all of a name in all members. */
  reads?: { file: string } | { glob: string };
}

export interface Monorepo {
  manager: Manager;
  /** By their directories. */
  members: Record<string, Member>;
  root: Record<string, string>;
}

/** Published packages, and what each needs in turn: the version of that is its own. */
export const PUBLISHED: Record<string, string[]> = {
  alpha: ['beta'],
  beta: [],
  gamma: ['delta', 'beta'],
  delta: [],
  epsilon: [],
  zeta: ['epsilon'],
};

/** Numbers from 0 to 1, the same ones for a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Twelve packages: four apps, two of which read what they do not declare, and eight that these use. */
export function firstMonorepo(manager: Manager): Monorepo {
  const members: Record<string, Member> = {};
  const add = (
    directory: string,
    needs: string[],
    published: Record<string, string>,
    reads?: Member['reads'],
  ) => {
    const name = posix.basename(directory);
    const files = { 'src/index.js': `${name} 1`, 'src/more.js': `${name} more`, 'meta.json': `${name} meta` };
    members[directory] = { name, files, needs, published, ...(reads ? { reads } : {}) };
  };
  add('packages/base', [], { alpha: '1' });
  add('packages/ui', ['base'], { gamma: '1' });
  add('packages/icons', [], {});
  add('packages/text', ['base'], {});
  add('packages/data', [], { zeta: '1' });
  add('packages/chart', ['data', 'icons'], {});
  add('packages/config', [], { delta: '1' });
  add('packages/legacy', ['text'], { alpha: '2' });
  add('apps/site', ['ui', 'config'], { epsilon: '1' });
  add('apps/admin', ['chart', 'config'], { alpha: '2' });
  // As through "paths" in a tsconfig.
  add('apps/docs', ['text'], {}, { file: 'packages/data/src/more.js' });
  add('apps/index', ['icons'], {}, { glob: 'meta.json' });
  return { manager, members, root: { 'tsconfig.json': '{}', 'README.md': 'one' } };
}

/** Changes something, as a commit does. Returns in words what. */
export function change(repo: Monorepo, random: () => number, at: number): string {
  const pick = <T>(items: T[]): T => items[Math.floor(random() * items.length)] as T;
  const directory = pick(Object.keys(repo.members));
  const member = repo.members[directory] as Member;
  const file = pick(Object.keys(member.files));
  const dice = random();
  if (dice < 0.72) {
    member.files[file] = `${member.name} ${file} at ${at}`;
    return `${directory}/${file}`;
  }
  if (dice < 0.78) {
    member.files[`src/new-${at}.js`] = String(at);
    return `a new file in ${directory}`;
  }
  if (dice < 0.82 && file.startsWith('src/new')) {
    // A rename without a change, by case only.
    member.files[file.replace('new', 'New')] = member.files[file] ?? '';
    delete member.files[file];
    return `${directory}/${file} has another name`;
  }
  if (dice < 0.92) {
    const name = pick(Object.keys(PUBLISHED));
    member.published[name] = String(1 + Math.floor(random() * 3));
    return `${directory} needs ${name}@${member.published[name]}`;
  }
  if (dice < 0.95) {
    const others = Object.values(repo.members).map(({ name }) => name);
    const other = pick(others);
    if (other !== member.name && !reaches(repo, other, member.name))
      member.needs = [...new Set([...member.needs, other])];
    return `${directory} needs ${other}`;
  }
  if (dice < 0.98) return 'nothing';
  repo.root['README.md'] = String(at);
  return 'README.md';
}

/** What the build of a package makes: a hash of all that it reads. And what of that is in packages that it does not declare. */
export function built(repo: Monorepo, directory: string): { output: string; places: string[] } {
  const { members } = repo;
  const own = members[directory] as Member;
  const declared = needed(repo, directory);
  const read: [string, string][] = Object.entries(repo.root);
  for (const one of declared)
    for (const [file, text] of Object.entries(members[one]?.files ?? {})) read.push([`${one}/${file}`, text]);
  for (const one of declared)
    read.push([`${one} published`, JSON.stringify(published(members[one]?.published ?? {}))]);
  const places = new Set<string>();
  if (own.reads) {
    const { reads } = own;
    const files = 'file' in reads ? [reads.file] : Object.keys(members).map((one) => `${one}/${reads.glob}`);
    for (const path of files) {
      const of = Object.keys(members).find((one) => path.startsWith(`${one}/`)) ?? '';
      read.push([path, members[of]?.files[path.slice(of.length + 1)] ?? 'none']);
      if (!declared.has(of)) places.add(`file ${path}`);
    }
    if ('glob' in reads) for (const parent of ['apps', 'packages']) places.add(`parent ${parent}`);
  }
  for (const place of looksOf(repo, declared)) places.add(place);
  const output = createHash('sha256').update(JSON.stringify(read.sort())).digest('hex');
  return { output, places: [...places].sort() };
}

/** What the package managers themselves look at when they run a script, as they were seen to do. */
function looksOf({ manager, members }: Monorepo, declared: Set<string>): string[] {
  if (manager === 'yarn') return [];
  const parents = ['parent apps', 'parent packages'];
  if (manager === 'pnpm') return parents;
  const others = Object.keys(members).filter((one) => !declared.has(one));
  return [...parents, ...others.map((one) => `manifest ${one}`)];
}

/** A member, and all that it needs of the others. */
export function needed({ members }: Monorepo, directory: string): Set<string> {
  const found = new Set<string>();
  const open = [directory];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    for (const [one, { name }] of Object.entries(members))
      if (members[at]?.needs.includes(name)) open.push(one);
  }
  return found;
}

/** All that these bring with them, each once. */
export function published(wanted: Record<string, string>): string[] {
  const all = new Set<string>();
  const open = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
  for (let one = open.pop(); one; one = open.pop()) {
    if (all.has(one)) continue;
    all.add(one);
    const [name = '', version = ''] = one.split('@');
    open.push(...(PUBLISHED[name] ?? []).map((other) => `${other}@${version}`));
  }
  return [...all].sort();
}

function reaches(repo: Monorepo, from: string, to: string): boolean {
  const directory = Object.entries(repo.members).find(([, { name }]) => name === from)?.[0] ?? '';
  return [...needed(repo, directory)].some((one) => repo.members[one]?.name === to);
}
