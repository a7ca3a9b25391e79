// What a dist directory may have at most, and what is said of one that has more. Pure.
import type { Cause } from '../job/ending.js';
import { showBytes } from '../job/quantity.js';

export interface ArtifactLimits {
  /** Bytes of all files. */
  bytes: number;
  /** Files, directories and links. */
  entries: number;
  /** Bytes of one path, within the dist directory. */
  path: number;
  /** Directories that an entry is in. */
  depth: number;
}

/**
 * Bytes of the names and targets of all links: they are held until the end. Room for a hundred thousand links; a setting for
 * it would have no use.
 */
const MOST_LINK_BYTES = 16 * 1024 ** 2;

/** Git's own directory is not shipped and may be larger than what is; but the tar has to end. */
const UNSHIPPED_FACTOR = 10;

/** What a dist directory has so far. */
export type Found = ArtifactLimits & { links: number; unshipped: number };

interface Row {
  what: (limit: number) => string;
  remedy: string;
}

const SHIP_LESS = 'Check that it holds only what is to be shipped';

const ROWS: Record<keyof Found, Row> = {
  bytes: { what: (most) => `more than ${showBytes(most)}`, remedy: or('KOALACI_ARTIFACT_LIMIT') },
  entries: {
    what: (most) => `more than ${count(most)} files, directories and links`,
    remedy: or('KOALACI_ARTIFACT_ENTRIES'),
  },
  path: { what: (most) => `a path of more than ${count(most)} bytes`, remedy: or('KOALACI_ARTIFACT_PATH') },
  depth: {
    what: (most) => `directories inside each other, more than ${count(most)} deep`,
    remedy: or('KOALACI_ARTIFACT_DEPTH'),
  },
  links: {
    what: (most) => `links with more than ${showBytes(most)} of names`,
    remedy: `${SHIP_LESS}, and files in place of the links.`,
  },
  unshipped: {
    what: (most) => `more than ${showBytes(most)} in .git`,
    remedy: 'Set project_dist_directory to a directory with what is to be shipped.',
  },
};

/** The cause that ends a build whose dist directory has more than it may; undefined if it has not. */
export function excess(found: Found, limits: ArtifactLimits): Cause | undefined {
  const most: Found = {
    ...limits,
    links: MOST_LINK_BYTES,
    unshipped: UNSHIPPED_FACTOR * limits.bytes,
  };
  const name = (Object.keys(ROWS) as (keyof Found)[]).find((key) => found[key] > most[key]);
  if (!name) return undefined;
  const { what, remedy } = ROWS[name];
  const message = `the dist directory has ${what(most[name])}`;
  return { reason: 'artifact_limit', step: 'artifact', message, remedy };
}

function or(setting: string): string {
  return `${SHIP_LESS}, or raise ${setting}.`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
