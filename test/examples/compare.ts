// Whether a warm build made what a clean build makes. Pure.

type Files = Record<string, string>;

/** The paths that only one of the artifacts has, or that differ in them. */
export function differences(one: Files, other: Files): string[] {
  const paths = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...paths].filter((path) => one[path] !== other[path]).sort();
}

export type Verdict = { kind: 'equal' } | { kind: 'not deterministic' | 'DIFFERS'; paths: string[] };

/** `again`: a second clean build of the same commit. A tool that is not deterministic differs from itself. */
export function judge(warm: Files, clean: Files, again: Files): Verdict {
  const paths = differences(warm, clean);
  if (paths.length === 0) return { kind: 'equal' };
  return { kind: differences(clean, again).length > 0 ? 'not deterministic' : 'DIFFERS', paths };
}
