// Whether a warm build made what a clean build makes. Pure.

type Files = Record<string, string>;

/** The paths that only one of the artifacts has, or that differ in them. */
export function differences(one: Files, other: Files): string[] {
  const paths = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...paths].filter((path) => one[path] !== other[path]).sort();
}

export type Verdict = { kind: 'equal' } | { kind: 'not deterministic' | 'DIFFERS'; paths: string[] };

/**
 * `again`: a second clean build of the same commit. A tool that differs from itself in a file may do so in a warm build. Where it
 * gives files names that depend on their content, it differs in their names, and nothing more can be said.
 */
export function judge(warm: Files, clean: Files, again: Files): Verdict {
  const paths = differences(warm, clean);
  if (paths.length === 0) return { kind: 'equal' };
  const own = differences(clean, again);
  const renames = own.some((path) => clean[path] === undefined || again[path] === undefined);
  const excused = own.length > 0 && (renames || paths.every((path) => own.includes(path)));
  return { kind: excused ? 'not deterministic' : 'DIFFERS', paths };
}
