// A change of a project, which a history consists of.
import fc from 'fast-check';
import type { Project } from '../project/model.js';

/** How a build goes after a change. */
export interface Moment {
  /** Whether this state is built at all, or only pushed. */
  built: boolean;
  /** Whether the build begins when all that follows the last one is done; else at once. */
  rested: boolean;
}

export interface Change {
  /** What it is called in reports, and by --without. */
  kind: string;
  sentence: string;
  moment: Moment;
  applies(project: Project): boolean;
  edit(project: Project): Project;
  /** The build does not become READY, and nothing is compared. */
  ends?: 'failed' | 'canceled';
  /** The branch is written anew. */
  force?: boolean;
}

/** How a kind of change is described. `Drawn`: what is drawn for one. */
export interface Kind<Drawn> {
  kind: string;
  say?: (drawn: Drawn) => string;
  applies?: (project: Project, drawn: Drawn) => boolean;
  edit?: (project: Project, drawn: Drawn) => Partial<Project>;
  ends?: 'failed' | 'canceled';
  force?: boolean;
}

const anyMoment: fc.Arbitrary<Moment> = fc.record({
  // What comes first is what shrinking tries.
  built: fc.constantFrom(true, true, true, false),
  rested: fc.constantFrom(true, true, true, true, false),
});

/** All changes of a kind. One that changes nothing does not apply. */
export function change<Drawn>(drawn: fc.Arbitrary<Drawn>, kind: Kind<Drawn>): fc.Arbitrary<Change> {
  return fc.tuple(drawn, anyMoment).map(([what, moment]) => {
    const edit = (project: Project): Project => ({ ...project, ...kind.edit?.(project, what) });
    return {
      ...{ kind: kind.kind, moment, edit },
      sentence: kind.say ? kind.say(what) : kind.kind,
      applies: (project: Project) =>
        (kind.applies?.(project, what) ?? true) &&
        (!kind.edit || JSON.stringify(edit(project)) !== JSON.stringify(project)),
      ...(kind.ends ? { ends: kind.ends } : {}),
      ...(kind.force ? { force: kind.force } : {}),
    };
  });
}

/** A record without one of its keys. */
export function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}
