// How many bytes a user keeps: logs and records in Redis, artifacts on disk. Each thing is counted in the script that changes
// it, and goes when it expires, so that the sums need no counting anew.
import type { Redis } from 'ioredis';
import type { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import { type KeptKind, type KeptLimits, overKept } from '../job/user-limits.js';
import { transitionKeys } from './keys.js';
import { runScript } from './run-script.js';
import { TOO_MUCH } from './scripts.js';

/** What a script answers when a user keeps too much: of what, how many bytes, and in how many milliseconds some of it goes. */
export type Excess = [kind: KeptKind, bytes: number, goesInMs: number];

/** The limits as a script takes them: without one, there is no end. */
export function keptArgs({ logs, artifacts }: KeptLimits): number[] {
  return [logs ?? Number.MAX_SAFE_INTEGER, artifacts ?? Number.MAX_SAFE_INTEGER];
}

/** The error for an answer that is an excess. */
export function excessError([kind, bytes, goesInMs]: Excess, limits: KeptLimits): KoalaError {
  return overKept(kind, { bytes, most: limits[kind] ?? bytes, retryAfter: Math.ceil(goesInMs / 1000) });
}

/** The error when the user of a recorded job keeps too much beside what that job will replace. */
export async function keptTooMuch(
  redis: Redis,
  id: JobId,
  limits: KeptLimits,
): Promise<KoalaError | undefined> {
  const excess = await runScript(redis, TOO_MUCH, transitionKeys(id), keptArgs(limits));
  return excess ? excessError(excess as Excess, limits) : undefined;
}
