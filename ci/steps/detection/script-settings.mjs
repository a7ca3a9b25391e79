// @ts-check
// Reads a setting out of a configuration that is a program, without running it: a literal in an object, or what is as plain as one.
// What is not is said to be unsure. Pure.
import { posix } from 'node:path';
import { constantsIn, memberOf } from './script-places.mjs';
import { tokensOf } from './script-tokens.mjs';
import { scopeOf, valueIn } from './script-values.mjs';

/** @typedef {import('./script-tokens.mjs').Token} Token */
/** @typedef {import('./script-places.mjs').Place} Place */
/**
 * What a setting is; `unsure` is an expression that only the program knows. `isPath`: it is relative to the project, not to what the tool
 * takes it for.
 * @typedef {{ value: string | boolean, isPath?: boolean } | { unsure: string }} Setting
 */
/**
 * What a configuration can see: the directory of its file, and constants of other files. Into `read` go the variables of the environment
 * that what was found depends on; `variables` are those that are set.
 * @typedef {{ folder?: string, imported?: Map<string, Place>, read?: Set<string>, variables?: Record<string, string> }} Surroundings
 */
/** `isChoice`: it is one of several that the program chooses from. @typedef {{ isObject: boolean, isChoice: boolean, path: readonly string[], key: string | undefined }} Frame */

/**
 * The setting of that name, such as `build.outDir`, in any object that is not inside another one's value; undefined if there is none.
 * @param {string} source @param {string} name @param {Surroundings} [around] @returns {Setting | undefined}
 */
export function settingIn(source, name, around = {}) {
  const tokens = tokensOf(source);
  const seen = seenFrom(tokens, around);
  const wanted = name.split('.');
  /** @type {(Setting | undefined)[]} */
  const found = [];
  eachProperty(tokens, (path, at, isChoice) => {
    if (path.length !== wanted.length || path.some((part, index) => part !== wanted[index])) return;
    found.push(isChoice ? { unsure: 'it is there in one of several cases' } : valueAt(tokens, at, seen));
  });
  if (isAssigned(tokens, wanted)) found.push({ unsure: `it is assigned to .${name}` });
  const all = found.filter((one) => one !== undefined);
  // Several outputs: the directory that the others are in has all of them.
  return all.length === 0
    ? undefined
    : (all.find((one) => all.every((other) => isWithin(other, one))) ??
        sharedBy(all) ?? { unsure: 'it is there several times' });
}

/** The directory that several paths have in common. @param {Setting[]} all @returns {Setting | undefined} */
function sharedBy(all) {
  const paths = all.flatMap((one) =>
    'value' in one && typeof one.value === 'string' ? [posix.normalize(one.value).split('/')] : [],
  );
  const isPath = all.every((one) => 'value' in one && one.isPath);
  if (paths.length < all.length || (!isPath && all.some((one) => 'value' in one && one.isPath)))
    return undefined;
  const [first = []] = paths;
  const end = first.findIndex((part, at) => paths.some((other) => other[at] !== part));
  const value = first.slice(0, end).join('/');
  return end > 0 && value !== '..' ? { value, isPath } : undefined;
}

/** Whether something is assigned to it later, as in `config.output = 'export'`. @param {Token[]} tokens @param {string[]} wanted */
function isAssigned(tokens, wanted) {
  const words = [...wanted.flatMap((part) => ['.', part]), '='];
  return tokens.some(
    (_, at) =>
      words.every((word, index) => tokens[at + index]?.text === word) &&
      tokens[at + words.length]?.text !== '{',
  );
}

/** What a property of that name is given later; undefined if it is not. @param {string} source @param {string} name @param {Surroundings} [around] @returns {Setting | undefined} */
export function assignedIn(source, name, around = {}) {
  const tokens = tokensOf(source);
  const at = tokens.findIndex(({ text }, index) => text === name && tokens[index + 1]?.text === '=');
  return at === -1 ? undefined : valueAt(tokens, at + 2, seenFrom(tokens, around));
}

/** A property of the object that a property of that name is given later: `config.dir = { output: 'www' }`. @param {string} source @param {string} name @param {string} key @param {Surroundings} [around] @returns {Setting | undefined} */
export function memberAssignedIn(source, name, key, around = {}) {
  const tokens = tokensOf(source);
  const at = tokens.findIndex(({ text }, index) => text === name && tokens[index + 1]?.text === '=');
  const place = at === -1 ? undefined : memberOf({ tokens, at: at + 2, folder: '.' }, key);
  return place && valueAt(tokens, place.at, seenFrom(tokens, around));
}

/** Whether one setting is the other, or a path inside it. @param {Setting} one @param {Setting} other */
function isWithin(one, other) {
  if (!('value' in one) || !('value' in other)) return JSON.stringify(one) === JSON.stringify(other);
  if (one.value === other.value) return !one.isPath === !other.isPath;
  return Boolean(one.isPath && other.isPath) && String(one.value).startsWith(`${other.value}/`);
}

/**
 * What the functions of that name are called with, at a place in their lists.
 * @param {string} source
 * @param {string} name
 * @param {number} [which]
 * @param {Surroundings} [around]
 * @returns {Setting[]}
 */
export function argumentsOf(source, name, which = 0, around = {}) {
  const tokens = tokensOf(source);
  const seen = seenFrom(tokens, around);
  return tokens.flatMap(({ text }, at) => {
    if (text !== name || tokens[at + 1]?.text !== '(') return [];
    let place = at + 2;
    for (let left = which; left > 0; left -= 1) {
      place = endOfValue(tokens, place) + 1;
      if (tokens[place - 1]?.text !== ',') return [];
    }
    return valueAt(tokens, place, seen) ?? [];
  });
}

/** @param {Token[]} tokens @param {Surroundings} around */
function seenFrom(tokens, { folder = '.', imported = new Map(), read = new Set(), variables = {} }) {
  return { folder, read, variables, names: new Map([...imported, ...constantsIn(tokens, folder)]) };
}

/** All strings of a source, such as the packages that it imports. @param {string} source */
export function stringsIn(source) {
  return tokensOf(source).flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/**
 * Calls `visit` with the path of each property, and where its value begins: at its name, where that is the value's too.
 * @param {Token[]} tokens @param {(path: string[], at: number, isChoice: boolean) => void} visit
 */
function eachProperty(tokens, visit) {
  /** @type {Frame[]} */
  const frames = [{ isObject: false, isChoice: false, path: [], key: undefined }];
  tokens.forEach((token, at) => {
    const frame = /** @type {Frame} */ (frames.at(-1));
    const before = tokens[at - 1];
    if (token.kind === 'sign' && /^[{([]$/.test(token.text)) frames.push(openedBy(tokens, at, frame));
    else if (token.kind === 'sign' && /^[})\]]$/.test(token.text)) {
      if (frames.length > 1) frames.pop();
    } else if (frame.isObject && token.text === ',') frame.key = undefined;
    else if (frame.isObject && token.kind !== 'sign' && /^[{,]$/.test(before?.text ?? '')) {
      frame.key = token.value ?? token.text;
      const next = tokens[at + 1]?.text ?? '';
      if (next === ':') visit([...frame.path, frame.key], at + 2, frame.isChoice);
      else if (/^[,}]$/.test(next)) visit([...frame.path, frame.key], at, frame.isChoice);
    }
  });
}

/** @param {Token[]} tokens @param {number} at @param {Frame} frame @returns {Frame} */
function openedBy(tokens, at, frame) {
  const before = tokens[at - 1];
  const isObject = tokens[at]?.text === '{' && before !== undefined && beginsValue(before);
  const inside = frame.key === undefined ? frame.path : [...frame.path, frame.key];
  // What stands in a list, a call, a function or a choice of a property is not the property itself.
  const isDirect =
    isObject && frame.isObject && before?.text === ':' && /^[{,]$/.test(tokens[at - 3]?.text ?? '');
  const path = isDirect || inside.length === 0 || inside.at(-1) === '*' ? inside : [...inside, '*'];
  const isChosen = isObject && !isDirect && /^(\?|:|&&|\|\||\?\?)$/.test(before?.text ?? '');
  return { isObject, isChoice: frame.isChoice || isChosen, path, key: undefined };
}

/** Whether an object may begin after it, and not a block. @param {Token} token */
function beginsValue({ kind, text }) {
  if (kind === 'sign') return /^([(,=:[?!]|&&|\|\||\?\?=?)$/.test(text);
  return kind === 'word' && /^(return|default|await|yield)$/.test(text);
}

/**
 * @param {Token[]} tokens @param {number} at @param {{ folder: string, names: Map<string, Place>, read: Set<string>, variables: Record<string, string> }} seen
 * @returns {Setting | undefined} undefined: it says that it is not set
 */
function valueAt(tokens, at, { folder, names, read, variables }) {
  const scope = scopeOf(names, variables);
  const found = valueIn({ tokens, at, folder }, scope);
  if (found === undefined) {
    const words = tokens.slice(at, endOfValue(tokens, at)).map(({ text }) => text);
    const asked = scope.read.size > 0 ? `, which asks for ${[...scope.read].join(', ')}` : '';
    return { unsure: words.join('').slice(0, 80) + asked };
  }
  for (const name of scope.read) read.add(name);
  const { value, isPath = false } = found;
  return value === undefined ? undefined : { value, ...(isPath ? { isPath } : {}) };
}

/** A longer value is none that can be read. */
const MOST_TOKENS = 1_000;

/** The place of the comma or bracket after a value. @param {Token[]} tokens @param {number} start */
function endOfValue(tokens, start) {
  let depth = 0;
  let at = start;
  for (; at < Math.min(tokens.length, start + MOST_TOKENS); at += 1) {
    const { kind, text } = /** @type {Token} */ (tokens[at]);
    // TypeScript's words after a value
    if (depth === 0 && (text === 'as' || text === 'satisfies')) break;
    if (kind !== 'sign') continue;
    if (depth === 0 && /^[,;})\]]$/.test(text)) break;
    if (/^[{([]$/.test(text)) depth += 1;
    if (/^[})\]]$/.test(text)) depth -= 1;
  }
  return at;
}
