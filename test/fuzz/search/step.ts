// A change as a command of fast-check's model.
import type fc from 'fast-check';
import type { History } from '../building/history.js';
import type { Change } from '../changes/change.js';
import type { Project } from '../project/model.js';
import { namesOf } from './names.js';

/** What the history has come to. */
export interface Model {
  project: Project;
}

/** The history that is built, and the steps that it has taken. */
export interface Real {
  history: History;
  taken: Step[];
}

export class Step implements fc.AsyncCommand<Model, Real> {
  readonly change: Change;
  readonly #muted: ReadonlySet<string>;

  /** `muted`: kinds, scripts and habits that are left out. */
  constructor(change: Change, muted: ReadonlySet<string>) {
    this.change = change;
    this.#muted = muted;
  }

  check({ project }: Readonly<Model>): boolean {
    if (!this.change.applies(project)) return false;
    const names = [this.change.kind, ...namesOf(this.change.edit(project))];
    return names.every((name) => !this.#muted.has(name));
  }

  async run(model: Model, { history, taken }: Real): Promise<void> {
    const { edit, ends, moment, force } = this.change;
    taken.push(this);
    model.project = edit(model.project);
    if (ends) await history.end(model.project, ends);
    else await history.build(model.project, moment, force);
  }

  toString(): string {
    const { sentence, ends, moment } = this.change;
    if (ends) return sentence;
    return `${sentence}${moment.built ? '' : ' (not built)'}${moment.rested ? '' : ' (built while the last one is being saved)'}`;
  }
}
