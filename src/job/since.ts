// A point in time as people write it: how long ago, or when. Pure.
import { KoalaError } from './errors.js';
import { LONGEST_DAYS, parseDuration } from './quantity.js';

/**
 * Milliseconds since 1970 from `10m`, which is ten minutes before `now`, or from `2026-01-31T12:00:00Z`.
 * @throws KoalaError `bad_input` with the name of the setting
 */
export function parseSince(name: string, value: string, now: number): number {
  if (/^\d{4}-\d\d-\d\d/.test(value.trim())) {
    const time = Date.parse(value.trim());
    if (!Number.isNaN(time)) return time;
  }
  try {
    return now - parseDuration(name, value, LONGEST_DAYS);
  } catch {
    throw new KoalaError(
      'bad_input',
      `${name}: must be how long ago, such as 90s, 10m or 2h, or a time such as 2026-01-31T12:00:00Z, not ${JSON.stringify(value)}`,
    );
  }
}
