// yarn.lock, of yarn 1 and of berry. Pure.
import { type Block, blocksIn, membersOf, textOf } from './blocks.js';
import { byName, closure, type Locked, type LockReader, partOf } from './lockfile.js';

const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'];

/** A package under every range that has been resolved to it. In berry's, packages of the workspace are some, too. */
export const readYarnLock: LockReader = (text, { directories, wanted, members }) => {
  const blocks = blocksIn(text.split('\n'), 0).filter(({ key }) => key !== '__metadata');
  const meta = blocksIn(text.split('\n'), 0).filter(({ key }) => key === '__metadata');
  const all = blocks.map((block) => ({ ...lockedIn(block), keys: block.key.split(', '), block }));
  const own = all.filter(({ keys }) => keys.some((key) => directories.has(workspaceIn(key) ?? '\n')));
  const isBerry = meta.length > 0;
  if (isBerry && own.length !== directories.size) return { why: 'yarn.lock does not have all packages' };
  const outside = all.filter(({ keys }) => !keys.some((key) => key.includes('@workspace:')));
  const byKey = new Map(outside.flatMap((one) => one.keys.map((key) => [key, one] as const)));
  const names = byName(outside);
  const find = (name: string, range: string): readonly Locked[] => {
    const one = byKey.get(`${name}@${range}`) ?? byKey.get(`${name}@npm:${range}`);
    if (one) return [one];
    // A resolution, or a patch, has put another range in its place.
    return members.has(name) ? [] : (names.get(name) ?? []);
  };
  const roots = isBerry ? own.flatMap(({ needs }) => needs) : wanted;
  const part = partOf(outside, closure(roots, find));
  return { ...part, lines: [...meta, ...own.map(({ block }) => block)].map(textOf).concat(part.lines) };
};

function lockedIn(block: Block): Locked {
  return {
    name: /^(@?[^@]+)@/.exec(block.key)?.[1] ?? block.key,
    text: textOf(block),
    needs: membersOf(blocksIn(block.body, 2), KINDS, 4),
  };
}

/** The directory in a key such as `site@workspace:apps/site`. */
function workspaceIn(key: string): string | undefined {
  const directory = /@workspace:(.*)$/.exec(key)?.[1];
  return directory === '.' ? '' : directory;
}
