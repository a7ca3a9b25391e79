// @ts-check
// Patterns of paths, as workspaces list them. Node has them built in from 22 on only. Pure.

/** Most * of a pattern that is believed: a pattern with many takes a regular expression for ever. */
const MOST_STARS = 8;

/** A pattern with *, **, ? and {a,b} for paths with / between their parts. @param {string} glob @returns {RegExp} */
export function globOf(glob) {
  if ((glob.match(/\*+/g) ?? []).length > MOST_STARS) return /(?!)/;
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\{}]/g, (sign) => {
    if (sign === '**/') return '(?:.*/)?';
    if (sign === '**') return '.*';
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    if (sign.length > 1)
      return `(?:${sign
        .slice(1, -1)
        .split(',')
        .map((one) => globOf(one).source.slice(1, -1))
        .join('|')})`;
    return `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}
