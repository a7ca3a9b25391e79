// What a check of the doctor's says.
import type { Redis } from 'ioredis';
import { KoalaError, messageOf } from '../job/errors.js';
import type { Settings } from '../settings/settings.js';
import type { EffectiveSetting } from '../settings/show.js';
import type { ConfiguredTarget } from '../upload/targets.js';

export interface Finding {
  check: string;
  /** `warning`: builds work, but less safely, or not for much longer. */
  level: 'ok' | 'warning' | 'error';
  found: string;
  remedy?: string;
  /** What to type for that, one command each. */
  commands?: string[];
  /** The settings in effect; only the check of the settings gives them. */
  settings?: EffectiveSetting[];
}

export interface Examination {
  settings: Settings;
  /** What is wrong with the settings, and the settings in effect. */
  problems: KoalaError[];
  effective: EffectiveSetting[];
  /** The data directory, and the id under which things on the engine belong to it. */
  home: string;
  installation: string;
  /** The secret that tokens are signed with; undefined if there is none. */
  secret: string | undefined;
  /** Builds at once. */
  concurrency: number;
  /** Where koalaci itself is: the directory with `ci/`, and its version. */
  code: { directory: string; version: string };
  /** Opens the operator's targets. */
  targets: () => Promise<ConfiguredTarget[]>;
  /** As in the commands: the first verifies the token and returns its user, the second connects to Redis. */
  authenticate: () => string;
  withRedis: <T>(use: (redis: Redis) => Promise<T>) => Promise<T>;
}

/** If `look` throws, the finding is an error, with the message and remedy of what it threw. */
export interface Check {
  name: string;
  /** Checks without which this one would only find the same cause again. */
  needs?: (examination: Examination) => string[];
  look: (examination: Examination) => Promise<Finding[] | string> | Finding[] | string;
  /** What to type if it throws. */
  commands: (examination: Examination, error: unknown) => string[];
}

/** The finding of an error that was thrown. */
export function problem(check: string, error: unknown, commands: string[]): Finding {
  const remedy = error instanceof KoalaError ? error.remedy : undefined;
  return { check, level: 'error', found: messageOf(error), ...(remedy ? { remedy } : {}), commands };
}

/** Whether koalaci keeps its records in a Redis of its own. */
export function hasPrivateRedis({ settings }: Pick<Examination, 'settings'>): boolean {
  return !settings.redisUrl && !settings.redisHost;
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
