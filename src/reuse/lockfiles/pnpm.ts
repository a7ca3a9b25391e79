// pnpm-lock.yaml, from version 6 on. Pure.
import { type Block, blocksIn, membersOf, textOf } from './blocks.js';
import { byName, closure, type Locked, type LockReader, partOf } from './lockfile.js';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** What the importers of these directories resolve to. Everything but importers and packages counts: settings, overrides, patches. */
export const readPnpmLock: LockReader = (text, { directories }) => {
  // From version 11 on, its own packages may be in a document before that of the project.
  const documents = text.split(/^---\r?\n/m);
  const top = blocksIn((documents.pop() ?? '').split('\n'), 0);
  const inside = (name: string) => blocksIn(top.find(({ key }) => key === name)?.body ?? [], 2);
  const version = Number.parseFloat(top.find(({ key }) => key === 'lockfileVersion')?.value ?? '');
  if (!(version >= 6)) return { why: 'pnpm-lock.yaml is of pnpm 7 or older' };
  const importers = inside('importers').filter(({ key }) => directories.has(key === '.' ? '' : key));
  if (importers.length !== directories.size) return { why: 'pnpm-lock.yaml does not have all packages' };
  const locked = lockedIn(inside('snapshots'), inside('packages'));
  const names = byName([...locked.values()]);
  const find = (name: string, said: string): Locked[] => {
    const keys = [`${name}@${said}`, said, `/${name}@${said}`];
    const exact = keys.flatMap((key) => locked.get(key) ?? []).slice(0, 1);
    return exact.length > 0 || /^(link|file|workspace):/.test(said) ? exact : (names.get(name) ?? []);
  };
  const wanted = importers.flatMap(({ body }) =>
    blocksIn(body, 4)
      .filter(({ key }) => KINDS.includes(key))
      .flatMap((kind) => blocksIn(kind.body, 6).map((one) => [one.key, versionOf(one)] as const)),
  );
  const part = partOf([...locked.values()], closure(wanted, find));
  const rest = top.filter(({ key }) => !['importers', 'packages', 'snapshots'].includes(key));
  return { ...part, lines: [...documents, ...[...rest, ...importers].map(textOf), ...part.lines] };
};

/** Each by its key. From version 9 on, what a package needs is apart from where it is from. */
function lockedIn(snapshots: Block[], packages: Block[]): Map<string, Locked> {
  const sources = new Map(packages.map((block) => [block.key, block]));
  const blocks = snapshots.length > 0 ? snapshots : packages;
  return new Map(
    blocks.map((block) => {
      const source = snapshots.length > 0 ? sources.get(withoutPeers(block.key)) : undefined;
      const needs = membersOf(blocksIn(block.body, 4), KINDS, 6);
      return [
        block.key,
        { name: nameIn(block.key), needs, text: textOf(block) + (source ? textOf(source) : '') },
      ];
    }),
  );
}

function versionOf({ body }: Block): string {
  return blocksIn(body, 8).find(({ key }) => key === 'version')?.value ?? '';
}

/** `/@scope/name@1.2.3(react@18.0.0)` is @scope/name. */
function nameIn(key: string): string {
  return /^\/?(@?[^@]+)@/.exec(key)?.[1] ?? key;
}

function withoutPeers(key: string): string {
  return key.replace(/\(.*$/, '');
}
