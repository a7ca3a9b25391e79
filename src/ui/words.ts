// How ages and places in time are said. Pure.

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `12 s`, `5 min`, `3 hours`, `1 day`, `40 days`: as much as somebody wants to know of how old something is. */
export function showAge(ms: number): string {
  const [unit, length] = UNITS.find(([, least]) => ms >= least) ?? ['s', 1_000];
  const count = Math.max(0, Math.floor(ms / length));
  const plural = unit.length > 3 || unit === 'day' ? (count === 1 ? '' : 's') : '';
  return `${count} ${unit}${plural}`;
}

/** `0.4s`, `12.3s`, `3m20s`, `1h02m`: a time that runs, in few cells. */
export function showRunning(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return minutes < 60
    ? `${minutes}m${two(seconds % 60)}s`
    : `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

/** How a time compares with another one: `20 % faster`, `as fast`. */
export function compareTimes(ms: number, before: number): string {
  if (before <= 0) return 'as fast';
  const part = Math.round((ms / before - 1) * 100);
  if (Math.abs(part) < 5) return 'as fast';
  return part > 0 ? `${part} % slower` : `${-part} % faster`;
}
