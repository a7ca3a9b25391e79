// Chooses the archives that go, by the rules. Pure.
import type { Rule, Rules } from './rules.js';
import type { JudgedArchive } from './standing.js';

/** What the choice looks at. */
export type Candidate = Pick<
  JudgedArchive,
  'user' | 'project' | 'branch' | 'standing' | 'isReleased' | 'bytes' | 'createdAt' | 'builtAt'
>;

/**
 * The archives that go, each with the first rule that says so: by age, then by what each project may have, then by what all
 * may have together. The oldest go first; of all together, those of the user who has most by then. The newest READY one of a
 * branch stays, whatever the rules say, and so does what is held, served, or kept as a release.
 */
export function chooseForRemoval<C extends Candidate>(all: C[], rules: Rules, now: number): Map<C, Rule> {
  const gone = new Map<C, Rule>();
  const stay = newestOfBranches(all);
  const left = () => all.filter((one) => !gone.has(one));
  const mayGo = (one: C) => one.standing !== 'held' && !one.isReleased && !stay.has(one);
  for (const one of all) {
    if (one.standing === 'garbage') gone.set(one, 'garbage');
    else if (mayGo(one) && now - one.builtAt > rules.age) gone.set(one, 'age');
  }
  for (const { rule, sizeOf, groupOf } of STAGES) {
    const groups = groupBy(left(), groupOf ?? (() => ''));
    for (const group of groups) trim(group, rules[rule], { sizeOf, mayGo }, (one) => gone.set(one, rule));
  }
  return gone;
}

interface Stage {
  rule: Exclude<Rule, 'garbage' | 'age'>;
  sizeOf: (one: Candidate) => number;
  /** Without one, all are one group. */
  groupOf?: (one: Candidate) => string;
}

const projectOf = ({ user, project }: Candidate) => JSON.stringify([user, project]);
const STAGES: Stage[] = [
  { rule: 'projectCount', sizeOf: () => 1, groupOf: projectOf },
  { rule: 'projectBytes', sizeOf: ({ bytes }) => bytes, groupOf: projectOf },
  { rule: 'count', sizeOf: () => 1 },
  { rule: 'bytes', sizeOf: ({ bytes }) => bytes },
];

/** A deployment may end after one that was created later: then either may be what its branch is served from. */
function newestOfBranches<C extends Candidate>(all: C[]): Set<C> {
  const ready = all.filter(({ standing, branch }) => standing === 'ready' && branch !== undefined);
  const branches = groupBy(ready, ({ user, project, branch }) => JSON.stringify([user, project, branch]));
  return new Set(
    branches.flatMap((branch) => [
      branch.reduce((newest, one) => (one.builtAt > newest.builtAt ? one : newest)),
      branch.reduce((newest, one) => (one.createdAt > newest.createdAt ? one : newest)),
    ]),
  );
}

/** Removes from a group until it has at most so much: of the user who has most by then, the oldest. */
function trim<C extends Candidate>(
  group: C[],
  most: number,
  { sizeOf, mayGo }: { sizeOf: (one: C) => number; mayGo: (one: C) => boolean },
  remove: (one: C) => void,
): void {
  const sum = (some: C[]) => some.reduce((total, one) => total + sizeOf(one), 0);
  const users = groupBy(group, ({ user }) => user).map((own) => ({
    has: sum(own),
    // The next one to go is the last.
    next: own.filter(mayGo).sort((a, b) => b.builtAt - a.builtAt),
  }));
  for (let total = sum(group); total > most; ) {
    const heaviest = users
      .filter(({ next }) => next.length > 0)
      .reduce<(typeof users)[number] | undefined>((a, b) => (a && a.has >= b.has ? a : b), undefined);
    const one = heaviest?.next.pop();
    if (!heaviest || !one) return;
    remove(one);
    heaviest.has -= sizeOf(one);
    total -= sizeOf(one);
  }
}

function groupBy<T>(all: T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return [...groups.values()];
}
