// A history as it is built: each state warm, on what the one before left, and clean.
import type { Moment } from '../changes/change.js';
import type { Project } from '../project/model.js';
import type { Result } from './artifact.js';
import { differences } from './compare.js';
import { type Built, type Lane, newId } from './lane.js';

/** Counts of a search. */
export interface Tally {
  states: number;
  builds: number;
  warm: number;
  skipped: number;
  ready: number;
  /** States that two clean builds made differently: nothing can be said about them. */
  unsteady: number;
}

export const newTally = (): Tally => ({ states: 0, builds: 0, warm: 0, skipped: 0, ready: 0, unsteady: 0 });

/** A warm build was not as a clean one. */
export class Unlike extends Error {
  readonly differences: string[];

  constructor(differences: string[]) {
    super(differences.join('\n'));
    this.differences = differences;
  }
}

interface Options {
  tally: Tally;
  /** What clean builds made, by state; it is filled. */
  known: Map<string, Result>;
  /** Differences that are not looked at. */
  ignored?: RegExp[];
  /** Whether a container waits for each build. */
  standby: boolean;
}

export class History {
  readonly #id = newId('history');
  readonly #lane: Lane;
  readonly #tally: Tally;
  readonly #known: Map<string, Result>;
  readonly #standby: boolean;
  readonly #ignored: RegExp[];
  #isFirst = true;

  constructor(lane: Lane, { tally, known, ignored = [], standby }: Options) {
    this.#lane = lane;
    this.#tally = tally;
    this.#known = known;
    this.#standby = standby;
    this.#ignored = ignored;
  }

  /**
   * Builds a state both ways.
   * @throws Unlike when they differ
   */
  async build(project: Project, moment: Moment, force = false): Promise<void> {
    const url = await this.#lane.push({ project, force });
    if (!moment.built) return;
    if (moment.rested) await this.#lane.rested(this.#id);
    this.#tally.states++;
    const state = JSON.stringify(project);
    const known = this.#known.get(state);
    const [warm, clean] = await Promise.all([
      this.#warm(project, url),
      // Nothing is warm yet, so that the first build is a clean one itself.
      known ?? (this.#isFirst ? undefined : this.#clean(project, url)),
    ]);
    this.#isFirst = false;
    this.#known.set(state, clean ?? warm.result);
    const found = differences(clean ?? warm.result, warm.result).filter(
      (line) => !this.#ignored.some((pattern) => pattern.test(line)),
    );
    if (found.length === 0) return;
    if (differences(clean ?? {}, await this.#clean(project, url)).length === 0) throw new Unlike(found);
    this.#known.delete(state);
    this.#tally.unsteady++;
  }

  /** A build that does not become READY. */
  async end(project: Project, ends: 'failed' | 'canceled'): Promise<void> {
    const order = { project, id: this.#id, url: await this.#lane.push({ project }), standby: this.#standby };
    await this.#lane.rested(this.#id);
    this.#tally.builds++;
    if (ends === 'canceled') await this.#lane.cancel(order);
    else await this.#lane.build({ ...order, end: 'exit 3' });
  }

  async close(): Promise<void> {
    await this.#lane.forget(this.#id);
  }

  async #warm(project: Project, url: string): Promise<Built> {
    const built = await this.#lane.build({ project, id: this.#id, url, standby: this.#standby });
    this.#tally.builds++;
    if (built.warm) this.#tally.warm++;
    if (built.skipped) this.#tally.skipped++;
    if (built.result.ending?.startsWith('READY')) this.#tally.ready++;
    return built;
  }

  async #clean(project: Project, url: string): Promise<Result> {
    this.#tally.builds++;
    return this.#lane.buildClean(project, url);
  }
}
