// @ts-check
// Splits JavaScript or TypeScript into tokens, without comments: enough to read a literal value of a configuration. Pure.

/**
 * `value` is what a string or a template without expressions stands for; a token that is `known` stands for what a function is called with.
 * @typedef {{ kind: 'word' | 'text' | 'sign' | 'known', text: string, value?: string, known?: (import('./script-known.mjs').Known | undefined)[] }} Token
 */

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const REGULAR = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\p{ID_Start}$_@#\d][\p{ID_Continue}$\d]*/uy;
const SIGN = /\.\.\.|=>|[!=]==?|\?\?=?|\?\.(?!\d)|&&|\|\||[\s\S]/uy;

/** Takes no longer for a source of signs that never end: that may be a stranger's. @param {string} source @returns {Token[]} */
export function tokensOf(source) {
  /** @type {Token[]} */
  const tokens = [];
  const strings = new Strings(source);
  let at = 0;
  // Where no regular expression can begin, as one that began before has no end.
  let noRegular = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  while (at < source.length) {
    if (take(SKIPPED) !== undefined) continue;
    const end = strings.endAt(at) ?? (source[at] === '`' ? endOfTemplate(source, at, strings) : undefined);
    if (end !== undefined) {
      tokens.push(textToken(source.slice(at, end)));
      at = end;
      continue;
    }
    if (source[at] === '/' && at >= noRegular && mayBeRegular(tokens.at(-1))) {
      if (take(REGULAR) !== undefined) {
        tokens.push({ kind: 'text', text: '/…/' });
        continue;
      }
      noRegular = lineEnd(source, at);
    }
    const word = take(WORD);
    tokens.push(word === undefined ? { kind: 'sign', text: take(SIGN) ?? '' } : { kind: 'word', text: word });
  }
  return tokens;
}

/** Of a string or a template. @param {string} text @returns {Token} */
function textToken(text) {
  const inner = text.slice(1, -1);
  const isOpen = text.startsWith('`') && inner.includes('${');
  return { kind: 'text', text, ...(isOpen ? {} : { value: unescaped(inner) }) };
}

/** The strings in quotes of a source. */
class Strings {
  #source;
  /** Up to where one without an end was looked for, by its quote. @type {Record<string, number>} */
  #open = { '"': 0, "'": 0 };

  /** @param {string} source */
  constructor(source) {
    this.#source = source;
  }

  /** Where the string ends that begins at a place; undefined if none does. @param {number} start */
  endAt(start) {
    const quote = this.#source[start] ?? '';
    if (start < (this.#open[quote] ?? Number.POSITIVE_INFINITY)) return undefined;
    let at = start + 1;
    for (; at < this.#source.length && this.#source[at] !== '\n'; at += 1) {
      if (this.#source[at] === quote) return at + 1;
      if (this.#source[at] === '\\') at += 1;
    }
    this.#open[quote] = at;
    return undefined;
  }
}

/** A division follows a value, a regular expression does not. @param {Token | undefined} before */
function mayBeRegular(before) {
  if (before === undefined) return true;
  if (before.kind === 'sign') return !/^[)\]}]$/.test(before.text);
  return before.kind === 'word' && /^(return|typeof|case|in|of|void|delete)$/.test(before.text);
}

/** @param {string} source @param {number} at */
function lineEnd(source, at) {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

/**
 * The place after a template, whose expressions may have templates in them.
 * @param {string} source @param {number} start @param {Strings} strings
 */
function endOfTemplate(source, start, strings) {
  /** What is open: a template, or an expression with so many brackets. @type {(number | '`')[]} */
  const open = ['`'];
  let at = start + 1;
  while (at < source.length && open.length > 0) {
    const inside = /** @type {number | '`'} */ (open.at(-1));
    const sign = source[at];
    if (sign === '`') {
      if (inside === '`') open.pop();
      else open.push('`');
      at += 1;
    } else if (inside === '`') {
      if (source.startsWith('${', at)) open.push(1);
      at += sign === '\\' || source.startsWith('${', at) ? 2 : 1;
    } else {
      const end = strings.endAt(at);
      const depth = inside + (sign === '{' ? 1 : sign === '}' ? -1 : 0);
      if (depth === 0) open.pop();
      else open[open.length - 1] = depth;
      at = end ?? at + 1;
    }
  }
  return Math.min(at, source.length);
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/\\([\s\S])/g, (_, sign) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : sign));
}
