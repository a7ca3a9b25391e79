// @ts-check
// Reads a setting out of a configuration that is a program, without running it: a literal in an object, or what is as plain as one.
// What is not is said to be unsure. Pure.
import { posix } from 'node:path';
import { tokensOf } from './script-tokens.mjs';

/** @typedef {import('./script-tokens.mjs').Token} Token */
/**
 * What a setting is; `unsure` is an expression that only the program knows.
 * @typedef {{ value: string | boolean } | { unsure: string }} Setting
 */
/** @typedef {{ isObject: boolean, path: readonly string[], key: string | undefined }} Frame */

/**
 * The setting of that name, such as `build.outDir`, in any object that is not inside another one's value; undefined if there is none.
 * @param {string} source @param {string} name @returns {Setting | undefined}
 */
export function settingIn(source, name) {
  const tokens = tokensOf(source);
  const constants = constantsIn(tokens);
  const wanted = name.split('.');
  /** @type {Setting[]} */
  const found = [];
  eachProperty(tokens, (path, at, isShort) => {
    if (path.length === wanted.length && path.every((part, index) => part === wanted[index]))
      found.push(isShort ? ofConstant(tokens, at, constants) : valueAt(tokens, at, constants));
  });
  const [first] = found;
  if (found.every((one) => JSON.stringify(one) === JSON.stringify(first))) return first;
  return { unsure: 'it is there several times' };
}

/**
 * What the functions of that name are called with first.
 * @param {string} source
 * @param {string} name
 * @returns {Setting[]}
 */
export function argumentsOf(source, name) {
  const tokens = tokensOf(source);
  const constants = constantsIn(tokens);
  return tokens.flatMap(({ text }, at) =>
    text === name && tokens[at + 1]?.text === '(' ? [valueAt(tokens, at + 2, constants)] : [],
  );
}

/** All strings of a source, such as the packages that it imports. @param {string} source */
export function stringsIn(source) {
  return tokensOf(source).flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/**
 * Calls `visit` with the path of each property, and where its value begins; `isShort`: its name is that of its value.
 * @param {Token[]} tokens @param {(path: string[], at: number, isShort: boolean) => void} visit
 */
function eachProperty(tokens, visit) {
  /** @type {Frame[]} */
  const frames = [{ isObject: false, path: [], key: undefined }];
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
      if (next === ':') visit([...frame.path, frame.key], at + 2, false);
      else if (/^[,}]$/.test(next)) visit([...frame.path, frame.key], at, true);
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
  return { isObject, path, key: undefined };
}

/** Whether an object may begin after it, and not a block. @param {Token} token */
function beginsValue({ kind, text }) {
  if (kind === 'sign') return /^([(,=:[?!]|&&|\|\||\?\?=?)$/.test(text);
  return kind === 'word' && /^(return|default|await|yield)$/.test(text);
}

/** Names with a text that never changes. @param {Token[]} tokens @returns {Map<string, string>} */
function constantsIn(tokens) {
  /** @type {Map<string, string>} */
  const constants = new Map();
  tokens.forEach(({ text }, at) => {
    const [name, sign, value, after] = tokens.slice(at + 1, at + 5);
    if (text !== 'const' || sign?.text !== '=' || value?.value === undefined) return;
    if (after?.kind !== 'sign' || after.text === ';') constants.set(name?.text ?? '', value.value);
  });
  return constants;
}

/** @param {Token[]} tokens @param {number} at @param {Map<string, string>} constants @returns {Setting} */
function ofConstant(tokens, at, constants) {
  const name = tokens[at]?.text ?? '';
  const value = constants.get(name);
  return value === undefined ? { unsure: name } : { value };
}

/** @param {Token[]} tokens @param {number} at @param {Map<string, string>} constants @returns {Setting} */
function valueAt(tokens, at, constants) {
  const end = endOfValue(tokens, at);
  const words = tokens.slice(at, end);
  const text = words.map((one) => one.text).join('');
  const [only] = words;
  if (words.length === 1 && only?.value !== undefined) return { value: only.value };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  if (DIRNAME.test(text)) return { value: '.' };
  if (words.length === 1) return ofConstant(tokens, at, constants);
  const path = ownPath(words, text);
  return path === undefined ? { unsure: text.slice(0, 80) } : { value: path };
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

const DIRNAME = /^(?:__dirname|import\.meta\.dirname|process\.cwd\(\)|['"]\.\/?['"])$/;
const RESOLVED = /^(?:\w+\.)?(?:resolve|join)\((.*)\)$/s;
const OF_URL = /^fileURLToPath\(newURL\(['"]([^'"]*)['"],import\.meta\.url\)\)$/;

/**
 * A path relative to the configuration, as projects spell it; undefined for other expressions.
 * @param {Token[]} words
 * @param {string} text
 */
function ownPath(words, text) {
  const [, url] = OF_URL.exec(text) ?? [];
  if (url !== undefined) return url;
  const [, inside] = RESOLVED.exec(text) ?? [];
  const parts = words.filter(({ value }) => value !== undefined).map(({ value }) => value ?? '');
  if (inside === undefined || parts.some((part) => part.startsWith('/'))) return undefined;
  const rest = inside.split(',').filter((part) => part !== '' && !/^(['"`]).*\1$/.test(part));
  return rest.length <= 1 && rest.every((part) => DIRNAME.test(part)) ? posix.join('.', ...parts) : undefined;
}
