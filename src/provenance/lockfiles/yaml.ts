// Reads YAML as pnpm and yarn write it into their lockfiles: maps and lists by their indent, or in braces, and text. Not all of
// YAML: there are no anchors, no tags, and no documents. Pure.

export type Yaml = string | Yaml[] | YamlMap;
export interface YamlMap {
  [key: string]: Yaml;
}

interface Line {
  indent: number;
  text: string;
}

/** Deeper than any lockfile is. */
const MOST_DEPTH = 100;

/** A map at the top. All plain values are text. */
export function readYaml(text: string): YamlMap {
  const lines = new Lines(text);
  return lines.next === undefined ? {} : readMap(lines, lines.next.indent, 0);
}

export function isMap(value: Yaml | undefined): value is YamlMap {
  return typeof value === 'object' && !Array.isArray(value);
}

export function textOf(value: Yaml | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The lines with something on them, one after the other. */
class Lines {
  readonly #lines: string[];
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split(/\r?\n/);
    this.#skipEmpty();
  }

  get next(): Line | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined) return undefined;
    const text = line.trimStart();
    return { indent: line.length - text.length, text: text.trimEnd() };
  }

  pass(): void {
    this.#at++;
    this.#skipEmpty();
  }

  /** Reads what is left of the line as one of its own, further in. */
  replace(indent: number, text: string): void {
    this.#lines[this.#at] = ' '.repeat(indent) + text;
  }

  /** The lines of a block of text, which is indented more than that. */
  block(indent: number): string {
    const found: string[] = [];
    for (this.#at++; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
      found.push(line.trim());
    }
    this.#skipEmpty();
    return found.join(' ').trim();
  }

  #skipEmpty(): void {
    while (this.#at < this.#lines.length && /^\s*(#.*)?$/.test(this.#lines[this.#at] ?? '')) this.#at++;
  }
}

function readMap(lines: Lines, indent: number, depth: number): YamlMap {
  if (depth > MOST_DEPTH) throw new Error('it is nested too deep');
  // A key may be __proto__.
  const map: YamlMap = Object.create(null);
  for (let line = lines.next; line && line.indent === indent; line = lines.next) {
    // A long key stands alone, and its value below it.
    const isLong = line.text.startsWith('? ');
    const { value: key, rest } = readKey(isLong ? line.text.slice(2) : line.text);
    if (isLong) {
      lines.pass();
      const below = lines.next;
      if (!below?.text.startsWith(':')) throw new Error(`there is no value for ${key.slice(0, 80)}`);
      map[key] = readAfterColon(lines, indent, below.text.slice(1), depth);
    } else map[key] = readValue(lines, indent, rest, depth);
  }
  return map;
}

/** The value of a long key: a text on the line, or the first line of a map. */
function readAfterColon(lines: Lines, indent: number, text: string, depth: number): Yaml {
  const inner = text.trimStart();
  if (inner === '' || /^[{[]/.test(inner) || !/:(\s|$)/.test(inner))
    return readValue(lines, indent, inner, depth);
  lines.replace(indent + 1 + text.length - inner.length, inner);
  return readBelow(lines, indent, depth);
}

/** What follows a key on its line, or below that. */
function readValue(lines: Lines, indent: number, rest: string, depth: number): Yaml {
  if (/^[>|][+-]?\d*$/.test(rest)) return lines.block(indent);
  lines.pass();
  if (rest !== '') return readInline(rest);
  return readBelow(lines, indent, depth);
}

function readBelow(lines: Lines, indent: number, depth: number): Yaml {
  const line = lines.next;
  const isList = line?.text.startsWith('- ') === true;
  if (!line || line.indent < indent || (line.indent === indent && !isList)) return '';
  return isList ? readList(lines, line.indent) : readMap(lines, line.indent, depth + 1);
}

function readList(lines: Lines, indent: number): Yaml[] {
  const list: Yaml[] = [];
  for (let line = lines.next; line?.indent === indent && line.text.startsWith('- '); line = lines.next) {
    list.push(readInline(line.text.slice(2)));
    lines.pass();
    // A map in a list: no lockfile has one where koalaci looks.
    while (lines.next && lines.next.indent > indent) lines.pass();
  }
  return list;
}

/** A key up to its colon, and what follows on the line. */
function readKey(text: string): { value: string; rest: string } {
  const quoted = readQuoted(text);
  if (quoted) return { value: quoted.value, rest: quoted.rest.replace(/^\s*:\s*/, '') };
  const [, value = text, rest = ''] = /^(.*?)\s*:(?:\s+(.*))?$/s.exec(text) ?? [];
  return { value, rest };
}

function readInline(text: string): Yaml {
  if (/^[{[]/.test(text)) return readFlow(text).value;
  return readQuoted(text)?.value ?? text.replace(/\s+#.*$/, '');
}

/** `{key: value, …}` or `[value, …]`. */
function readFlow(text: string, depth = 0): { value: Yaml; rest: string } {
  if (depth > MOST_DEPTH) throw new Error('it is nested too deep');
  const isMapping = text.startsWith('{');
  const list: Yaml[] = [];
  const map: YamlMap = Object.create(null);
  let rest = text.slice(1).trimStart();
  while (rest !== '' && !/^[}\]]/.test(rest)) {
    let key = '';
    if (isMapping) {
      const read = readWord(rest, /^[^:,}]*/);
      key = read.value;
      rest = read.rest.replace(/^\s*:\s*/, '');
    }
    const item = /^[{[]/.test(rest) ? readFlow(rest, depth + 1) : readWord(rest, /^[^,}\]]*/);
    if (isMapping) map[key] = item.value;
    else list.push(item.value);
    rest = item.rest.replace(/^\s*,?\s*/, '');
    // No progress: it is not what was thought.
    if (item.rest === text) throw new Error('a value in braces cannot be read');
  }
  return { value: isMapping ? map : list, rest: rest.slice(1) };
}

function readWord(text: string, plain: RegExp): { value: string; rest: string } {
  const quoted = readQuoted(text);
  if (quoted) return quoted;
  const value = plain.exec(text)?.[0] ?? '';
  return { value: value.trim(), rest: text.slice(value.length) };
}

function readQuoted(text: string): { value: string; rest: string } | undefined {
  const single = /^'((?:[^']|'')*)'/.exec(text);
  if (single) return { value: (single[1] ?? '').replaceAll("''", "'"), rest: text.slice(single[0].length) };
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (!double) return undefined;
  return { value: JSON.parse(double[0]) as string, rest: text.slice(double[0].length) };
}
