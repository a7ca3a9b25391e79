// Sizes and durations: parses what people write in settings, and shows values to people.
import { KoalaError } from './errors.js';

const KIB = 1024;
/** Timers of Node.js cannot run longer than 2³¹ − 1 ms, between 24 and 25 days. */
const TIMER_DAYS = 24;
/** A hundred years, for durations that no timer measures. */
export const LONGEST_DAYS = 36_500;
const SIZES: Record<string, number> = { '': 1, b: 1, k: KIB, m: KIB ** 2, g: KIB ** 3, t: KIB ** 4 };
const DAY = 86_400_000;
const TIMES: Record<string, number> = {
  '': 1000,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY,
  w: 7 * DAY,
};

/**
 * Bytes from `4g`, `512M`, `16 MiB` or a plain number.
 * @throws KoalaError `bad_input` with the name of the setting
 */
export function parseBytes(name: string, value: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(value.trim()) ?? [];
  const factor = SIZES[(unit ?? '-').toLowerCase()];
  if (!amount || !factor || Number(amount) <= 0) throw unfit(name, value, 'a size such as 512m or 4g');
  return Math.floor(Number(amount) * factor);
}

/**
 * Milliseconds from `45m`, `90s`, `2h`, `30d`, `2w` or a plain number of seconds.
 * @throws KoalaError `bad_input` with the name of the setting
 */
export function parseDuration(name: string, value: string, mostDays = TIMER_DAYS): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|)$/i.exec(value.trim()) ?? [];
  const factor = TIMES[(unit ?? '-').toLowerCase()];
  const ms = Math.round(Number(amount) * (factor ?? 0));
  if (!amount || !factor || ms <= 0 || ms > mostDays * DAY)
    throw unfit(name, value, `a time such as 90s, 45m, 2h or 3d, at most ${mostDays}d`);
  return ms;
}

/**
 * A whole number of at least 1.
 * @throws KoalaError `bad_input` with the name of the setting
 */
export function parseCount(name: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value.trim())) throw unfit(name, value, 'a whole number of at least 1');
  return Number(value);
}

/** `4 GiB`, `1.5 MiB`, `812 B`. */
export function showBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0, units.length - 1);
  return `${Number((bytes / KIB ** power).toFixed(1))} ${units[power]}`;
}

/** `0.3 s`, `12 s`, `3 min 20 s`, `2 h`. */
export function showDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount} ${unit}`] : [])).join(' ');
}

/** `1 file`, `12 files`. */
export function showFiles(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

function unfit(name: string, value: string, wanted: string): KoalaError {
  return new KoalaError('bad_input', `${name}: must be ${wanted}, not "${value}"`);
}
