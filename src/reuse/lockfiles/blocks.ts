// Reads the lockfiles of pnpm and yarn as blocks of lines: these tools write a part of YAML only, always in the same way. Pure.

/** A key with what is on its line, and the lines that are further to the right. */
export interface Block {
  key: string;
  value: string;
  body: string[];
}

/** The blocks of lines that begin after so many spaces. */
export function blocksIn(lines: readonly string[], indent: number): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const depth = line.length - line.trimStart().length;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (depth === indent) blocks.push({ ...keyIn(line.trim()), body: [] });
    else blocks.at(-1)?.body.push(line);
  }
  return blocks;
}

/** The members of the block of that key among these, as names and values. */
export function membersOf(
  blocks: readonly Block[],
  keys: readonly string[],
  indent: number,
): [string, string][] {
  return blocks
    .filter(({ key }) => keys.includes(key))
    .flatMap(({ body }) => blocksIn(body, indent).map(({ key, value }) => [key, value] as [string, string]));
}

/** A block as text, the same wherever it stands. */
export function textOf({ key, value, body }: Block): string {
  return [`${key}: ${value}`, ...body].join('\n');
}

/** `key:`, `key: value`, and yarn 1's `key value`; each may be in quotes. */
function keyIn(line: string): { key: string; value: string } {
  const [, single, double, rest = ''] = /^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")(.*)$/.exec(line) ?? [];
  const quoted = single ?? double;
  if (quoted !== undefined && /^(:|,| )/.test(rest)) {
    // yarn 1 lists several in one key, each in quotes or not.
    if (rest.startsWith(',')) return { key: line.replace(/:$/, '').replaceAll('"', ''), value: '' };
    return { key: quoted, value: unquoted(rest.replace(/^:/, '')) };
  }
  if (/:$/.test(line)) return { key: line.slice(0, -1).replaceAll('"', ''), value: '' };
  const [, key = line, value = ''] = /^(.+?)(?:: | )(.*)$/.exec(line) ?? [];
  return { key, value: unquoted(value) };
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2');
}
