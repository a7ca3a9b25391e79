// @ts-check
// What an expression of a configuration stands for, where that can be read: literals, names of such, choices between them, and paths. It is
// never run. What a variable of the environment decides is not known, but for those that every build has, or none. Pure.
import { posix } from 'node:path';
import { ofEnvironment } from './script-environment.mjs';
import { functionAt, withGiven } from './script-functions.mjs';
import { isText, same } from './script-known.mjs';
import { added, inFolder, pathOf } from './script-paths.mjs';
import { memberGiven, memberOf } from './script-places.mjs';
import { tokensOf } from './script-tokens.mjs';

/** @typedef {import('./script-tokens.mjs').Token} Token */
/** @typedef {import('./script-known.mjs').Known} Known */
/** @typedef {import('./script-places.mjs').Place} Place */
/**
 * `names`: the values of the constants that can be seen; `variables`: those of the environment that are set; `read`: the others that were
 * asked for.
 * @typedef {{ names: Map<string, Place>, variables: Record<string, string>, read: Set<string>, steps: number }} Scope
 */

/** No person wrote more; a stranger may have. */
const MOST_STEPS = 2_000;
const MOST_TEXT = 4_096;
const MOST_DEPTH = 40;
/** What the file of a configuration is called here: only its directory counts. */
const THIS_FILE = '_';

/** @param {Map<string, Place>} names @param {Record<string, string>} [variables] @returns {Scope} */
export function scopeOf(names, variables = {}) {
  return { names, variables, read: new Set(), steps: 0 };
}

/** The value at a place; undefined if only the program knows it. @param {Place} place @param {Scope} scope @returns {Known | undefined} */
export function valueIn(place, scope, depth = 0) {
  return new Reader(place, scope, depth).whole();
}

class Reader {
  /** @param {Place} place @param {Scope} scope @param {number} depth */
  constructor({ tokens, at, folder }, scope, depth) {
    this.tokens = tokens;
    this.at = at;
    this.folder = folder;
    this.scope = scope;
    this.depth = depth;
  }

  /** An expression that ends where a value does: a word may follow, TypeScript's, or that of the next line. */
  whole() {
    const found = this.choice();
    const { kind = 'sign', text = ';' } = this.tokens[this.at] ?? {};
    return kind === 'word' || (kind === 'sign' && /^[,;})\]]$/.test(text)) ? found : undefined;
  }

  /** @returns {Known | undefined} */
  choice() {
    this.depth += 1;
    const found = this.depth > MOST_DEPTH ? undefined : this.chosen();
    this.depth -= 1;
    return found;
  }

  /** @returns {Known | undefined} */
  chosen() {
    const condition = this.either();
    if (!this.take('?')) return condition;
    const yes = this.choice();
    if (!this.take(':')) return undefined;
    const no = this.choice();
    if (condition === undefined) return same(yes, no) ? yes : undefined;
    const found = condition.value ? yes : no;
    return found && condition.isDefault ? { ...found, isDefault: true } : found;
  }

  /** @returns {Known | undefined} */
  either() {
    let left = this.both();
    for (;;) {
      const isNullish = this.take('??');
      if (!isNullish && !this.take('||')) return left;
      const right = this.both();
      if (left === undefined) continue;
      const isKept = isNullish ? left.value !== undefined : left.value;
      left = isKept ? left : right && { ...right, ...(left.isDefault ? { isDefault: true } : {}) };
    }
  }

  /** @returns {Known | undefined} */
  both() {
    let left = this.comparison();
    while (this.take('&&')) {
      const right = this.comparison();
      left = left?.value ? right && { ...right, ...(left.isDefault ? { isDefault: true } : {}) } : left;
    }
    return left;
  }

  /** @returns {Known | undefined} */
  comparison() {
    const left = this.sum();
    const sign = ['===', '!==', '==', '!='].find((one) => this.take(one));
    if (sign === undefined) return left;
    const right = this.sum();
    if (!left || !right) return undefined;
    const isDefault = left.isDefault || right.isDefault;
    return { value: same(left, right) === (sign[0] === '='), ...(isDefault ? { isDefault } : {}) };
  }

  /** @returns {Known | undefined} */
  sum() {
    let left = this.single();
    while (this.take('+')) left = added(left, this.single());
    return left;
  }

  /** @returns {Known | undefined} */
  single() {
    this.scope.steps += 1;
    if (this.scope.steps > MOST_STEPS) return undefined;
    if (this.take('!')) {
      const found = this.single();
      return found && { value: !found.value, ...(found.isDefault ? { isDefault: true } : {}) };
    }
    if (this.take('(')) {
      const found = this.choice();
      return this.take(')') ? found : undefined;
    }
    const token = this.tokens[this.at];
    if (token === undefined) return undefined;
    this.at += token.kind === 'sign' ? 0 : 1;
    if (token.kind === 'known') return token.known?.[0];
    if (token.kind === 'text')
      return token.value === undefined ? this.template(token.text) : { value: token.value };
    return token.kind === 'word' ? this.named(token.text) : undefined;
  }

  /** With values in it. @param {string} text @returns {Known | undefined} */
  template(text) {
    if (!text.startsWith('`')) return undefined;
    let isPath = false;
    let isKnown = true;
    const value = text.slice(1, -1).replace(/\$\{([^{}]*)\}/g, (_, inside, at) => {
      const place = { tokens: tokensOf(inside), at: 0, folder: this.folder };
      const found = valueIn(place, this.scope, this.depth + 1);
      isKnown &&= isText(found) && (!found.isPath || at === 0);
      isPath ||= found?.isPath ?? false;
      return String(found?.value);
    });
    return isKnown && value.length < MOST_TEXT
      ? { value: isPath ? posix.normalize(value) : value, isPath }
      : undefined;
  }

  /** A name, and what is asked of it. @param {string} word @returns {Known | undefined} */
  named(word) {
    const path = [word, ...this.keys()];
    if (word === 'new') return this.named(this.tokens[this.at++]?.text ?? '');
    if (this.take('(')) return this.called(path.at(-1) ?? '', path.length > 1 ? word : '');
    return this.constant(path);
  }

  /** What is asked of a name: `.key` and `['key']`. */
  keys() {
    const keys = [];
    while (/^\??\.$/.test(this.tokens[this.at]?.text ?? '') || this.isKeyNext()) {
      const key = this.tokens[this.at + 1];
      keys.push(key?.value ?? key?.text ?? '');
      this.at += this.isKeyNext() ? 3 : 2;
    }
    return keys;
  }

  /** `['key']` */
  isKeyNext() {
    const [open, key, close] = this.tokens.slice(this.at, this.at + 3);
    return open?.text === '[' && key?.value !== undefined && close?.text === ']';
  }

  /** @param {string[]} path @returns {Known | undefined} */
  constant([word = '', ...keys]) {
    const text = [word, ...keys].join('.');
    if (text === 'true' || text === 'false') return { value: text === 'true' };
    if (text === 'undefined' || text === 'null') return { value: undefined };
    if (/^(__dirname|import\.meta\.dirname)$/.test(text)) return { value: this.folder, isPath: true };
    if (/^(__filename|import\.meta\.(filename|url))$/.test(text))
      return { value: inFolder(this.folder, THIS_FILE), isPath: true };
    if (/^(process|import\.meta)\.env\.\w+$/.test(text)) return ofEnvironment(keys.at(-1) ?? '', this.scope);
    const place = this.placeOf(word, keys);
    return place && valueIn(place, this.scope, this.depth + 1);
  }

  /** Where the value of a constant is, or of what is in it. @param {string} word @param {string[]} keys @returns {Place | undefined} */
  placeOf(word, keys) {
    let place = this.scope.names.get(word);
    for (const key of keys) {
      const { kind, text = '' } = place?.tokens[place.at] ?? {};
      place =
        place &&
        (memberOf(this.objectAt(place) ?? place, key) ??
          memberGiven(place, kind === 'word' ? text : word, key));
    }
    return place;
  }

  /** The object that a constant is another name of. @param {Place} place @returns {Place | undefined} */
  objectAt(place) {
    const { kind, text = '' } = place.tokens[place.at] ?? {};
    this.scope.steps += 1;
    if (kind !== 'word' || this.depth > MOST_DEPTH || this.scope.steps > MOST_STEPS) return undefined;
    const reader = new Reader({ ...place, at: place.at + 1 }, this.scope, this.depth + 1);
    const named = reader.placeOf(text, reader.keys());
    return named && (reader.objectAt(named) ?? named);
  }

  /** After the bracket of a call. @param {string} name @param {string} of @returns {Known | undefined} */
  called(name, of) {
    /** @type {(Known | undefined)[]} */
    const given = [];
    while (!this.take(')')) {
      given.push(...(this.take('...') ? this.spread() : [this.choice()]));
      if (!this.take(',') && this.tokens[this.at]?.text !== ')') return undefined;
    }
    const own = of === '' ? this.scope.names.get(name) : undefined;
    const said = own && this.applied(own, given);
    if (said !== undefined) return said;
    return of === 'process' && name === 'cwd' ? { value: '.', isPath: true } : pathOf(name, given);
  }

  /** What a function of the project's own returns. @param {Place} place @param {(Known | undefined)[]} given @returns {Known | undefined} */
  applied(place, given) {
    const { parameters = [], body } = functionAt(place) ?? {};
    const of = () => body && valueIn(body, this.scope, this.depth + 1);
    return withGiven(this.scope.names, parameters, given, of);
  }

  /** `...parts` of a call. */
  spread() {
    const place = this.scope.names.get(this.tokens[this.at]?.text ?? '');
    this.at += 1;
    return place?.tokens[place.at]?.known ?? [undefined];
  }

  /** @param {string} text */
  take(text) {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.at += 1;
    return true;
  }
}
