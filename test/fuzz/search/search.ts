// Searches for a history in which a warm build is not as a clean one, and makes it short.
import fc from 'fast-check';
import type { Result } from '../building/artifact.js';
import { History, type Tally, Unlike } from '../building/history.js';
import type { Lane } from '../building/lane.js';
import { anyChange } from '../changes/all.js';
import { anyProject } from '../project/initial.js';
import type { Project } from '../project/model.js';
import { namesOf, quietened } from './names.js';
import { type Model, type Real, Step } from './step.js';

export interface SearchOptions {
  seed: number;
  /** Where a found history is, to see it again: `path/replayPath`. */
  path?: string;
  /** When to end, in milliseconds since 1970. */
  until: number;
  /** How long a history is made shorter, in milliseconds. */
  shrinking: number;
  muted: ReadonlySet<string>;
  /** Differences that are not looked at. */
  ignored?: RegExp[];
  tally: Tally;
  /** The most histories, and the most steps of each. */
  histories: number;
  steps?: number;
  /** Hears of each difference, while the history is still made shorter. */
  onFound?: (found: Omit<Finding, 'path'>) => void;
}

/** A history in which warm and clean differ. */
export interface Finding {
  seed: number;
  path: string;
  first: Project;
  standby: boolean;
  steps: string[];
  /** The kind of the last change, and the scripts and habits at the end. */
  kind: string;
  names: string[];
  differences: string[];
}

/** Returns the first finding, or undefined when time or histories have ended without one. */
export async function search(lane: Lane, options: SearchOptions): Promise<Finding | undefined> {
  const { seed, muted } = options;
  const [path, replayPath] = options.path?.split('/') ?? [];
  const steps = fc.commands<Model, Real, false>([anyChange.map((one) => new Step(one, muted))], {
    ...{ maxCommands: options.steps ?? 12, size: 'max' },
    ...(replayPath ? { replayPath } : {}),
  });
  const trial = new Trial(lane, options);
  // The steps come first because they are shrunk first: each one less makes all that follows quicker.
  const property = fc.asyncProperty(steps, anyProject, fc.boolean(), (commands, drawn, standby) =>
    trial.run(quietened(drawn, muted), standby, commands),
  );
  const parameters = { seed, numRuns: options.histories, ...(path === undefined ? {} : { path }) };
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, parameters);
  const { shortest } = trial;
  if (!failed || !shortest || !counterexample) {
    if (errorInstance) throw errorInstance;
    return undefined;
  }
  const [found] = counterexample;
  const replay = /replayPath="([^"]*)"/.exec(String(found))?.[1] ?? '';
  return { seed, path: `${counterexamplePath}/${replay}`, ...shortest };
}

/** Builds histories, one after the other, and remembers the last one in which something differed: shrinking ends with the shortest. */
class Trial {
  shortest: Omit<Finding, 'seed' | 'path'> | undefined;
  readonly #lane: Lane;
  readonly #options: SearchOptions;
  readonly #known = new Map<string, Result>();
  #deadline: number;

  constructor(lane: Lane, options: SearchOptions) {
    this.#lane = lane;
    this.#options = options;
    this.#deadline = options.until;
  }

  async run(
    first: Project,
    standby: boolean,
    commands: Iterable<fc.AsyncCommand<Model, Real, false>>,
  ): Promise<void> {
    // What comes too late counts as right, so that the search ends, and shrinking too.
    if (Date.now() > this.#deadline) return;
    const { tally, shrinking, ignored = [] } = this.#options;
    const real = {
      history: new History(this.#lane, { tally, known: this.#known, ignored, standby }),
      taken: [] as Step[],
    };
    const model = { project: first };
    try {
      await real.history.build(first, { built: true, rested: true });
      await fc.asyncModelRun(() => ({ model, real }), commands);
    } catch (error) {
      if (!(error instanceof Unlike)) throw error;
      if (!this.shortest) this.#deadline = Date.now() + shrinking;
      this.shortest = {
        ...{ first, standby, steps: real.taken.map(String), names: namesOf(model.project) },
        kind: real.taken.at(-1)?.change.kind ?? 'the first build',
        differences: error.differences,
      };
      this.#options.onFound?.({ seed: this.#options.seed, ...this.shortest });
      throw error;
    } finally {
      await real.history.close();
    }
  }
}
