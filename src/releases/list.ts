// Lists what a project has served. Pure.
import { CURRENT } from '../upload/place.js';
import type { ProjectReleases } from './project-releases.js';

export interface ListedRelease {
  target: string;
  place: string;
  deployment: string;
  branch: string;
  /** `served`; `kept`: it was served, and can be at once again; `held`: it would be served, if another one were not pinned. */
  state: 'served' | 'kept' | 'held';
  createdAt: number;
  releasedAt?: number;
  releasedBy?: string;
  replacedAt?: number;
  /** Who keeps builds from replacing it, and since when. */
  pinnedBy?: string;
  pinnedAt?: number;
}

/** What a project has at each target: first what is served, then what it can go back to. */
export function listReleases(releases: ProjectReleases): ListedRelease[] {
  return Object.entries(releases).flatMap(([target, { served, kept, pinned, held }]) => [
    ...Object.entries(served).map(([place, one]) => ({
      ...{ target, place, ...shown(one), state: 'served' as const },
      ...(place === CURRENT ? pinned : {}),
    })),
    ...(held ? [{ target, place: CURRENT, ...shown(held), state: 'held' as const }] : []),
    ...kept.map((one) => ({ target, place: CURRENT, ...shown(one), state: 'kept' as const })),
  ]);
}

type Shown = Omit<ListedRelease, 'target' | 'place' | 'state'>;

function shown({ deployment, branch, createdAt, releasedAt, releasedBy, replacedAt }: Shown): Shown {
  return {
    ...{ deployment, branch, createdAt },
    ...(releasedAt === undefined ? {} : { releasedAt }),
    ...(releasedBy === undefined ? {} : { releasedBy }),
    ...(replacedAt === undefined ? {} : { replacedAt }),
  };
}
