// @ts-check
// Splits JavaScript or TypeScript into tokens, without comments: enough to read a literal value of a configuration. Pure.

/**
 * `value` is what a string or a template without expressions stands for.
 * @typedef {{ kind: 'word' | 'text' | 'sign', text: string, value?: string }} Token
 */

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGULAR = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\p{ID_Start}$_@#\d][\p{ID_Continue}$\d]*/uy;
const SIGN = /\.\.\.|=>|\?\?=?|&&|\|\||[\s\S]/uy;

/** @param {string} source @returns {Token[]} */
export function tokensOf(source) {
  /** @type {Token[]} */
  const tokens = [];
  let at = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  while (at < source.length) {
    if (take(SKIPPED) !== undefined) continue;
    const string = take(STRING);
    if (string !== undefined)
      tokens.push({ kind: 'text', text: string, value: unescaped(string.slice(1, -1)) });
    else if (source[at] === '`') {
      const text = source.slice(at, endOfTemplate(source, at));
      at += text.length;
      const inner = text.slice(1, -1);
      tokens.push({ kind: 'text', text, ...(inner.includes('${') ? {} : { value: unescaped(inner) }) });
    } else if (source[at] === '/' && mayBeRegular(tokens.at(-1)) && take(REGULAR) !== undefined)
      tokens.push({ kind: 'text', text: '/…/' });
    else {
      const word = take(WORD);
      tokens.push(
        word === undefined ? { kind: 'sign', text: take(SIGN) ?? '' } : { kind: 'word', text: word },
      );
    }
  }
  return tokens;
}

/** A division follows a value, a regular expression does not. @param {Token | undefined} before */
function mayBeRegular(before) {
  if (before === undefined) return true;
  if (before.kind === 'sign') return !/^[)\]}]$/.test(before.text);
  return before.kind === 'word' && /^(return|typeof|case|in|of|void|delete)$/.test(before.text);
}

/**
 * The place after a template, whose expressions may have templates in them.
 * @param {string} source
 * @param {number} start
 */
function endOfTemplate(source, start) {
  let at = start + 1;
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2;
    else if (source.startsWith('${', at)) at = endOfExpression(source, at + 2);
    else at += 1;
  }
  return Math.min(at + 1, source.length);
}

/** @param {string} source @param {number} start */
function endOfExpression(source, start) {
  let at = start;
  for (let depth = 1; at < source.length && depth > 0; ) {
    STRING.lastIndex = at;
    if (source[at] === '`') at = endOfTemplate(source, at);
    else if (STRING.test(source)) at = STRING.lastIndex;
    else {
      if (source[at] === '{') depth += 1;
      if (source[at] === '}') depth -= 1;
      at += 1;
    }
  }
  return at;
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/\\([\s\S])/g, (_, sign) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : sign));
}
