// @ts-check
// Where in a source the values of its constants, and of what is in them, begin. Pure.

/** @typedef {import('./script-tokens.mjs').Token} Token */
/** Where an expression stands: the tokens, and the directory of their file, relative to the project. @typedef {{ tokens: Token[], at: number, folder: string }} Place */

/** Tokens between a name and its value, as a type has them; and of an object that is read. */
export const MOST_TYPE = 40;
const MOST_TOKENS = 2_000;

/** The names that a source gives to values that never change. @param {Token[]} tokens @param {string} folder @returns {Map<string, Place>} */
export function constantsIn(tokens, folder) {
  /** @type {Map<string, Place>} */
  const names = new Map();
  /** Declared again, as in another function: which one is meant is not known. @type {Set<string>} */
  const again = new Set();
  const changed = changedIn(tokens);
  tokens.forEach(({ kind, text }, at) => {
    if (kind === 'word' && text === 'function' && tokens[at + 1]?.kind === 'word')
      names.set(tokens[at + 1]?.text ?? '', { tokens, at: at + 2, folder });
    if (kind !== 'word' || !/^(const|let|var)$/.test(text)) return;
    // TypeScript may have a type in between.
    const sign = tokens.slice(at + 2, at + MOST_TYPE).findIndex((one) => one.text === '=');
    const isValue = sign === 0 || (sign > 0 && tokens[at + 2]?.text === ':');
    const name = tokens[at + 1]?.text ?? '';
    const isImport = tokens[at + 3 + sign]?.text === 'require';
    if (names.has(name) || (text !== 'const' && changed.has(name))) again.add(name);
    else if (isValue && !isImport) names.set(name, { tokens, at: at + 3 + sign, folder });
  });
  for (const name of again) names.delete(name);
  return names;
}

/** The names of variables that are given another value, but for where one of the environment is set. @param {Token[]} tokens @returns {Set<string>} */
function changedIn(tokens) {
  /** @type {Set<string>} */
  const names = new Set();
  tokens.forEach(({ kind, text }, at) => {
    const isGiven = kind === 'word' && tokens[at + 1]?.text === '=';
    if (!isGiven || /^(const|let|var)$/.test(tokens[at - 1]?.text ?? '')) return;
    const before = tokens.slice(Math.max(at - MOST_TYPE, 0), at).map((one) => one.text);
    const start = before.lastIndexOf('if');
    const condition = start === -1 ? '' : before.slice(start).join('');
    if (!/^if\([^()]*process\.env\.\w+[^()]*\)\{?$/.test(condition)) names.add(text);
  });
  return names;
}

/** The value of a property of the object at a place. @param {Place} place @param {string} key @returns {Place | undefined} */
export function memberOf({ tokens, at, folder }, key) {
  let depth = 0;
  for (let index = at; index < Math.min(tokens.length, at + MOST_TOKENS); index += 1) {
    const { kind, text, value } = /** @type {Token} */ (tokens[index]);
    if (kind === 'sign' && /^[{([]$/.test(text)) depth += 1;
    if (kind === 'sign' && /^[})\]]$/.test(text)) depth -= 1;
    if (depth <= 0) return undefined;
    if (depth === 1 && (value ?? text) === key && kind !== 'sign' && tokens[index + 1]?.text === ':')
      return { tokens, at: index + 2, folder };
  }
  return undefined;
}

/** The value that a property of a constant is given later: `paths.out = 'dist'`. @param {Place} place @param {string} name @param {string} key @returns {Place | undefined} */
export function memberGiven({ tokens, folder }, name, key) {
  const words = [name, '.', key, '='];
  const at = tokens
    .slice(0, MOST_TOKENS)
    .findIndex((_, index) => words.every((word, more) => tokens[index + more]?.text === word));
  return at === -1 ? undefined : { tokens, at: at + words.length, folder };
}
