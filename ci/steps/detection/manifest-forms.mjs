// @ts-check
// Reads a manifest that is no JSON: package.json5 and package.yaml, which pnpm reads. Of YAML as much as manifests have: mappings, lists,
// and texts. Pure.

/** @typedef {{ indent: number, text: string }} Line */

const NAME = /[A-Za-z_$][\w$]*/y;
const OTHERS = /[-+.\d][\w.+-]*|\s+|[\s\S]/y;

/**
 * The value in a JSON text that may have what JSON5 adds: comments, names and texts without double quotes, last commas; undefined if it is
 * none. It takes no longer for a text that is none: that may be a stranger's.
 * @param {string} text @returns {unknown}
 */
export function parseJson5(text) {
  let json = '';
  // A comma counts when something follows it.
  let comma = '';
  for (let at = 0; at < text.length; ) {
    const end = commentEnd(text, at) ?? stringEnd(text, at);
    if (end === -1) return undefined;
    if (end !== undefined && text[at] === '/') at = end;
    else if (end !== undefined) {
      json += comma + JSON.stringify(unescaped(text.slice(at + 1, end - 1)));
      comma = '';
      at = end;
    } else {
      const [piece, isName] = pieceAt(text, at);
      at += piece.length;
      if (piece.trim() === '') continue;
      if (!/^[}\]]/.test(piece)) json += comma;
      comma = piece === ',' ? ',' : '';
      if (piece !== ',') json += isName && !/^(true|false|null)$/.test(piece) ? JSON.stringify(piece) : piece;
    }
  }
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Where the comment ends that begins at a place; undefined if none does, -1 if it has no end. @param {string} text @param {number} at */
function commentEnd(text, at) {
  if (text[at] !== '/') return undefined;
  if (text[at + 1] === '*') return text.indexOf('*/', at + 2) === -1 ? -1 : text.indexOf('*/', at + 2) + 2;
  if (text[at + 1] !== '/') return undefined;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** As commentEnd(), of a text in quotes. @param {string} text @param {number} at */
function stringEnd(text, at) {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === quote) return end + 1;
    if (text[end] === '\n') return -1;
    if (text[end] === '\\') end += 1;
  }
  return -1;
}

/** @param {string} text @param {number} at @returns {[piece: string, isName: boolean]} */
function pieceAt(text, at) {
  NAME.lastIndex = at;
  const [name] = NAME.exec(text) ?? [];
  if (name !== undefined) return [name, true];
  OTHERS.lastIndex = at;
  return [OTHERS.exec(text)?.[0] ?? '', false];
}

/** @param {string} inside of quotes */
function unescaped(inside) {
  /** @type {Record<string, string>} */
  const signs = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\n': '' };
  return inside.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code, sign) =>
    code === undefined ? (signs[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/**
 * The object in a YAML text; undefined if it has none.
 * @param {string} text @returns {Record<string, unknown> | undefined}
 */
export function parseYaml(text) {
  const lines = text.split(/\r?\n/).map((line) => {
    const content = line.trimStart();
    return { indent: line.length - content.length, text: content.trimEnd() };
  });
  const reader = { lines, at: 0 };
  skipEmpty(reader);
  const value = blockAt(reader, reader.lines[reader.at]?.indent ?? 0);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : undefined;
}

/** @typedef {{ lines: Line[], at: number }} Reader */

/** Past empty lines, comments and the beginning of a document. @param {Reader} reader */
function skipEmpty(reader) {
  while (reader.at < reader.lines.length && /^(#.*|---.*|)$/.test(reader.lines[reader.at]?.text ?? ''))
    reader.at += 1;
}

/** All that is indented as far. @param {Reader} reader @param {number} indent @returns {unknown} */
function blockAt(reader, indent) {
  /** @type {unknown[]} */
  const list = [];
  /** @type {Map<string, unknown>} */
  const object = new Map();
  for (;;) {
    skipEmpty(reader);
    const line = reader.lines[reader.at];
    // A list may be followed by a key that is no further out.
    if (!line || line.indent !== indent || (list.length > 0 && !line.text.startsWith('- '))) break;
    reader.at += 1;
    const [key, value] = pairIn(line.text);
    if (line.text.startsWith('- ')) list.push(scalar(line.text.slice(2).trim()));
    else if (key !== undefined) object.set(key, valueAt(reader, indent, value));
  }
  return list.length > 0 ? list : Object.fromEntries(object);
}

/** @param {string} text @returns {[key: string | undefined, value: string]} */
function pairIn(text) {
  const quoted = /^(["'])/.test(text) ? text.indexOf(text[0] ?? '', 1) + 1 : 0;
  const colon = text.indexOf(': ', quoted);
  const end = colon === -1 && text.endsWith(':') ? text.length - 1 : colon;
  if (end === -1) return [undefined, ''];
  const key = text.slice(0, end).trim();
  return [quoted > 0 ? key.slice(1, -1) : key, text.slice(end + 1).trim()];
}

/** What stands after a key, or below it. @param {Reader} reader @param {number} indent @param {string} value @returns {unknown} */
function valueAt(reader, indent, value) {
  if (/^[|>][+-]?\d?\s*(#.*)?$/.test(value)) return foldedAt(reader, indent, value.startsWith('>'));
  if (value !== '' && !value.startsWith('#')) return scalar(value);
  skipEmpty(reader);
  const next = reader.lines[reader.at];
  // A list may stand no further in than its key.
  const isBelow = next && (next.indent > indent || (next.indent === indent && next.text.startsWith('- ')));
  return isBelow ? blockAt(reader, next.indent) : null;
}

/** A text of several lines. @param {Reader} reader @param {number} indent @param {boolean} isFolded */
function foldedAt(reader, indent, isFolded) {
  /** @type {string[]} */
  const parts = [];
  for (;;) {
    const line = reader.lines[reader.at];
    if (!line || (line.text !== '' && line.indent <= indent)) break;
    parts.push(line.text);
    reader.at += 1;
  }
  return parts.join(isFolded ? ' ' : '\n').trim();
}

/** @param {string} text @returns {unknown} */
function scalar(text) {
  const word = withoutComment(text);
  if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
  if (word.startsWith('"')) return unescaped(word.slice(1, -1));
  const parts = word
    .slice(1, -1)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (word.startsWith('[')) return parts.map(unquoted);
  if (word.startsWith('{')) {
    const pairs = parts.map((part) => pairIn(part));
    return Object.fromEntries(pairs.map(([key, value]) => [key ?? '', unquoted(value)]));
  }
  return word === 'true' || word === 'false' ? word === 'true' : word;
}

/** @param {string} word */
function unquoted(word) {
  return /^["']/.test(word) ? word.slice(1, -1) : word;
}

/** @param {string} text */
function withoutComment(text) {
  const quote = /^["']/.test(text) ? text.lastIndexOf(text[0] ?? '') + 1 : 0;
  const at = text.indexOf(' #', quote);
  return (at === -1 ? text : text.slice(0, at)).trim();
}
