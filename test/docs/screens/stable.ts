// What differs in a screen each time it is made: directories, random ids, times, sizes of what was packed. Pure.
import { createHash } from 'node:crypto';

/** Where a guide says that things are. Each stands for what is as long in this run, so that nothing moves on the screen. */
export const SHOWN = { home: '/home/koala', data: '/opt/koalaci', port: '8081' } as const;

/** The six random digits at the end of a deployment's id, after the seven of its commit. */
const SUFFIX = /((?:-[0-9a-f]{7}|…[0-9a-f])-)([0-9a-f]{6})\b/g;

export interface Made extends Record<keyof typeof SHOWN, string> {
  /** The random digits that were seen, each with those that stand for them. */
  digits: Map<string, string>;
}

/** A screen with the directories of guides in place of those of this run, and in place of random digits the same ones in each run. */
export function stable(screen: string, made: Made): string {
  const names = Object.keys(SHOWN) as (keyof typeof SHOWN)[];
  const placed = names.reduce((text, name) => text.replaceAll(made[name], SHOWN[name]), screen);
  return placed.replace(SUFFIX, (_, before: string, digits: string) => before + standIn(digits, made.digits));
}

function standIn(digits: string, known: Map<string, string>): string {
  const next = createHash('sha256').update(String(known.size)).digest('hex').slice(0, digits.length);
  const shown = known.get(digits) ?? next;
  known.set(digits, shown);
  return shown;
}

/** What is not the same each time, and by what it is known. The rest of a screen is. */
const VARYING: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z| UTC)?/g, 'TIME'],
  [/\b(\d+h )?(\d+m )?\d+(\.\d+)? ?(ms|s|m|h|d)\b/g, 'DURATION'],
  [/\b\d+(\.\d+)? ?(B|[kKMGT]i?B)\b/g, 'BYTES'],
  [/\b\d+(\.\d+)? ?%/g, 'PERCENT'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{6,64}\b/g, 'HASH'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, 'FRAME'],
  [/[━╸╺]+/g, 'BAR'],
  [/ +/g, ' '],
];

/** Whether two screens say the same, but for what varies: then the one that stands in a guide stays. */
export function saysTheSame(one: string, other: string): boolean {
  return withoutVarying(one) === withoutVarying(other);
}

function withoutVarying(screen: string): string {
  const known = VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), screen);
  return known.replace(/ ?BAR/g, '').replace(/ +$/gm, '');
}
