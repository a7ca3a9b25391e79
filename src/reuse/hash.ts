// The hash of a value. Pure.
import { createHash } from 'node:crypto';

/** The sha256 of what a value is as JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
