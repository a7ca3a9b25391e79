// Compares a warm build with a clean one. Pure.
import type { Result } from './artifact.js';

/** Lines that say what differs, `-` as in the clean build, `+` as in the warm one; none if nothing does. */
export function differences(clean: Result, warm: Result): string[] {
  const paths = [...new Set([...Object.keys(clean), ...Object.keys(warm)])].sort();
  return paths.flatMap((path) => {
    const [expected, got] = [clean[path], warm[path]];
    if (expected === got) return [];
    if (expected === undefined) return [`+ ${path}`];
    if (got === undefined) return [`- ${path}`];
    return lineDifferences(expected, got).map((line) => `${path}: ${line}`);
  });
}

/** Lists of what was seen are sorted, so that lines without their like are the difference. */
function lineDifferences(expected: string, got: string): string[] {
  const [before, after] = [expected.split('\n'), got.split('\n')];
  const lost = without(before, after).map((line) => `- ${line}`);
  const found = without(after, before).map((line) => `+ ${line}`);
  return lost.length + found.length > 0 ? [...lost, ...found] : ['in another order'];
}

function without(lines: string[], others: string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
