// @ts-check
// Small functions of a configuration: `const inRoot = (...parts) => path.join(root, ...parts)`. Pure.
import { MOST_TYPE } from './script-places.mjs';

/** @typedef {import('./script-tokens.mjs').Token} Token */
/** @typedef {import('./script-known.mjs').Known} Known */
/** @typedef {import('./script-places.mjs').Place} Place */

/**
 * The names of what a small function at a place is called with, the last of them with ... for all others, and where the expression
 * begins that it returns; undefined if it is none, or does more.
 * @param {Place} place @returns {{ parameters: string[], body: Place } | undefined}
 */
export function functionAt({ tokens, at, folder }) {
  /** @param {number} index */
  const text = (index) => tokens[index]?.text ?? '';
  const end =
    text(at) === '(' ? at + tokens.slice(at, at + MOST_TYPE).findIndex((one) => one.text === ')') : at;
  if (end < at) return undefined;
  const given = end === at ? [text(at)] : tokens.slice(at + 1, end).map((one) => one.text);
  // TypeScript has types in between.
  const parameters = given.flatMap((one, index) =>
    /^(,|\.\.\.|)$/.test(given[index - 1] ?? '') && /^[\w$]+$/.test(one)
      ? [given[index - 1] === '...' ? `...${one}` : one]
      : [],
  );
  const start =
    tokens.slice(end + 1, end + MOST_TYPE).findIndex((one) => /^(=>|\{)$/.test(one.text)) + end + 1;
  const isBlock = text(start) === '{' || text(start + 1) === '{';
  const body = start + (text(start) === '=>' ? 1 : 0) + (isBlock ? 1 : 0);
  if (start <= end || (end === at && text(start) !== '=>') || (isBlock && text(body) !== 'return'))
    return undefined;
  return { parameters, body: { tokens, at: isBlock ? body + 1 : body, folder } };
}

/**
 * What `evaluate` says while the names of a function stand for what it is called with.
 * @template Value
 * @param {Map<string, Place>} names @param {string[]} parameters @param {(Known | undefined)[]} given @param {() => Value} evaluate
 * @returns {Value}
 */
export function withGiven(names, parameters, given, evaluate) {
  /** The innermost last. @type {[string, Place | undefined][]} */
  const before = [];
  parameters.forEach((parameter, at) => {
    const name = parameter.replace('...', '');
    before.unshift([name, names.get(name)]);
    const known = name === parameter ? [given[at]] : given.slice(at);
    const token = /** @type {Token} */ ({ kind: 'known', text: '', known });
    names.set(name, { tokens: [token], at: 0, folder: '.' });
  });
  const value = evaluate();
  for (const [name, old] of before) {
    if (old) names.set(name, old);
    else names.delete(name);
  }
  return value;
}
