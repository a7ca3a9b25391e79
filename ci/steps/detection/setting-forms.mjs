// @ts-check
// Reads a setting out of a TOML or YAML file: as far as people write one, without a parser. What is written otherwise is unsure. Pure.

/** @typedef {import('./script-settings.mjs').Setting} Setting */

/** More names, or a longer table in a line, are none that a person wrote. */
const MOST_NAMES = 100;
const MOST_TEXT = 4_096;
const KEY = /\s*("[^"\n]*"|'[^'\n]*'|[\w-]+)\s*([.=])/uy;

/** @param {string} text @param {string} key such as `build.publish` @returns {Setting | undefined} */
export function ofToml(text, key) {
  let section = '';
  let quotes = '';
  for (const line of text.split(/\r?\n/)) {
    if (quotes !== '') {
      if (line.includes(quotes)) quotes = '';
      continue;
    }
    const [, table, opened] = /^\s*(\[\[?)([^\]]*)\]/.exec(line) ?? [];
    if (opened !== undefined) section = table === '[' ? `${namesIn(opened)}.` : '*.';
    const [name, value] = pairAt(line, 0);
    if (name === undefined) continue;
    const found = ofPair(section + name, value, key);
    if (found) return found;
    quotes = ['"""', "'''"].find((one) => value.startsWith(one) && !value.slice(3).includes(one)) ?? '';
  }
  return undefined;
}

/** The name and the value of `a."b" = value`. @param {string} line @param {number} start @returns {[string | undefined, string]} */
function pairAt(line, start) {
  const names = [];
  let at = start;
  for (;;) {
    KEY.lastIndex = at;
    const [all = '', name = '', sign] = KEY.exec(line) ?? [];
    if (sign === undefined || names.length > MOST_NAMES) return [undefined, ''];
    names.push(bare(name));
    at += all.length;
    if (sign === '=') return [names.join('.'), line.slice(at).trim()];
  }
}

/** @param {string} name @param {string} value @param {string} key @returns {Setting | undefined} */
function ofPair(name, value, key) {
  if (name === key) return tomlValue(value);
  if (!key.startsWith(`${name}.`) || !value.startsWith('{')) return undefined;
  const inside = value.slice(1, MOST_TEXT);
  // A table in a table: which of them a name is in is not looked for.
  if (inside.includes('{')) return unsure(value);
  for (const pair of inside.split(/[},](?=(?:[^"']|"[^"]*"|'[^']*')*$)/)) {
    const [inner, its] = pairAt(pair, 0);
    if (inner !== undefined && `${name}.${inner}` === key) return tomlValue(its);
  }
  return undefined;
}

/** @param {string} text @returns {Setting} */
function tomlValue(text) {
  const [, double, single, word] = /^(?:"([^"\\]*)"|'([^']*)'|(true|false))\s*(?:#.*)?$/.exec(text) ?? [];
  const value = double ?? single ?? (word === undefined ? undefined : word === 'true');
  return value === undefined ? unsure(text) : { value };
}

/** @param {string} path */
function namesIn(path) {
  return path.split('.').map(bare).join('.');
}

/** @param {string} name */
function bare(name) {
  return name.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** @param {string} text @param {string} key @returns {Setting | undefined} */
export function ofYaml(text, key) {
  /** @type {{ indent: number, name: string }[]} */
  const above = [];
  for (const line of text.split(/\r?\n/)) {
    const [, space = '', name, value = ''] =
      /^( *)([\w.-]+|"[\w.-]+"|'[\w.-]+')[ \t]*:(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= space.length) above.pop();
    above.push({ indent: space.length, name: bare(name) });
    const path = above.map((one) => one.name).join('.');
    if (value !== '' && path === key) return yamlValue(value.trim());
    if (value.startsWith('{') && key.startsWith(`${path}.`)) return unsure(value);
  }
  return undefined;
}

/** Anchors, tags and texts of several lines are none. @param {string} text @returns {Setting | undefined} */
function yamlValue(text) {
  const [, double, single, plain] =
    /^(?:"([^"\\]*)"|'([^']*)'|([^\s"'#&*!|>%@`{}[\],?:-](?:[^\s#:]|[ \t](?!#)|:(?!\s|$)|(?<!\s)#)*|-[^\s-]\S*))\s*(?:#.*)?$/.exec(
      text,
    ) ?? [];
  if (text.startsWith('#') || /^(~|null)$/.test(text)) return undefined;
  const value = double ?? single ?? plain?.trim();
  if (value === undefined) return unsure(text);
  return plain !== undefined && /^(true|false)$/.test(value) ? { value: value === 'true' } : { value };
}

/** @param {string} text @returns {Setting} */
function unsure(text) {
  return { unsure: text.trim().slice(0, 80) };
}
