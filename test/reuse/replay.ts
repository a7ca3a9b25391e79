// Replays the history of a monorepo: builds each app at each commit in which nothing stands for it, and compares whatever is reused with
// a build of that commit.
import { keysOf, ownKeys, planOf, readsIn, readsKeys, withTree } from '../../src/reuse/plan.js';
import { relatedOf } from '../../src/reuse/related.js';
import type { Tree } from '../../src/reuse/tree.js';
import { treeOfMonorepo } from './files.js';
import { built, change, firstMonorepo, type Manager, randomFrom } from './model.js';

export interface Replayed {
  /** Builds that were reused, those of them that were wrong, and those that could have been: of what they read, nothing had changed. */
  hits: number;
  wrong: string[];
  possible: number;
}

/** Replays so many commits. Redis is a map here, and so is the watch: the build says itself what it has read. */
export function replay(manager: Manager, { commits, seed }: { commits: number; seed: number }): Replayed {
  const repo = firstMonorepo(manager);
  const random = randomFrom(seed);
  const apps = Object.keys(repo.members).filter((one) => one.startsWith('apps/'));
  const memories = new Map(apps.map((app) => [app, new Memory(app)]));
  const result: Replayed = { hits: 0, wrong: [], possible: 0 };
  for (let at = 0; at < commits; at++) {
    const what = at === 0 ? 'the first commit' : change(repo, random, at);
    const tree = treeOfMonorepo(repo);
    for (const app of apps) {
      const memory = memories.get(app) as Memory;
      const { output, places } = built(repo, app);
      if (memory.outputs.has(output)) result.possible++;
      const reused = memory.look(tree, String(at));
      if (reused !== undefined) result.hits++;
      if (reused !== undefined && reused !== output) result.wrong.push(`${app} at ${at}: ${what}`);
      if (reused === undefined) memory.remember(output, places);
      memory.outputs.add(output);
    }
  }
  return result;
}

class Memory {
  readonly outputs = new Set<string>();
  readonly #app: string;
  readonly #entries = new Map<string, string>();
  readonly #reads = new Map<string, string[][]>();
  #plan: ReturnType<typeof withTree> | undefined;

  constructor(app: string) {
    this.#app = app;
  }

  /** What a build that was reused has made. */
  look(tree: Tree, commit: string): string | undefined {
    const maker = { secret: 'secret', inputs: {} };
    const refs = { commit, tags: '', defaultBranch: 'main', isDetached: false };
    const related = relatedOf(tree, this.#app, 'auto');
    if ('why' in related) throw new Error(related.why);
    this.#plan = withTree(planOf(maker, ['main'], refs, 'main'), tree, related);
    const reads = readsKeys(this.#plan).flatMap(({ key }) => this.#reads.get(key) ?? []);
    return keysOf(this.#plan, reads)
      .map(({ key }) => this.#entries.get(key))
      .find((output) => output !== undefined);
  }

  remember(output: string, places: string[]): void {
    const plan = this.#plan;
    if (!plan) throw new Error('nothing was looked for');
    const own = ownKeys(plan, readsIn(places.join('\n') || 'none'));
    const [base] = readsKeys(plan);
    if (own.places && base) this.#reads.set(base.key, [...(this.#reads.get(base.key) ?? []), own.places]);
    for (const { key } of own.keys) if (!this.#entries.has(key)) this.#entries.set(key, output);
  }
}
