// The places of Markdown files that programs fill: a line <!-- screen NAME --> before a block of code, or <!-- table NAME --> before a
// table. Pure.

export interface Place {
  kind: 'screen' | 'table';
  name: string;
  /** What stands there: the lines between the fences, or those of the table. */
  text: string;
}

const SCREEN = /^<!-- (screen) ([\w-]+) -->\n```\n(.*?)\n```$/gms;
const TABLE = /^<!-- (table) ([\w-]+) -->\n((?:\|.*\n)*)/gm;
const BLOCK = /^( *)```(\S*)\n(.*?)\n\1```$/gms;

/** All marked places of a file. */
export function placesIn(markdown: string): Place[] {
  return [...markdown.matchAll(SCREEN), ...markdown.matchAll(TABLE)].map(
    ([, kind, name = '', text = '']) => ({
      kind: kind as Place['kind'],
      name,
      text: text.trimEnd(),
    }),
  );
}

/** The file with another text in each place for which there is one. */
export function filled(markdown: string, textFor: (place: Place) => string | undefined): string {
  const put = (all: string, kind: string, name: string, text: string) => {
    const other = textFor({ kind: kind as Place['kind'], name, text: text.trimEnd() });
    if (other === undefined) return all;
    return all.replace(
      /-->\n.*/s,
      () => `-->\n${kind === 'screen' ? `\`\`\`\n${other}\n\`\`\`` : `${other}\n`}`,
    );
  };
  return markdown.replace(SCREEN, put).replace(TABLE, put);
}

/** The first lines of blocks that look like a screen, and have no mark: those in no language, and those with a prompt. */
export function unmarkedScreens(markdown: string): string[] {
  const looksLikeOne = ([, , language, text = '']: RegExpMatchArray) =>
    language === '' || /^\s*\$ /m.test(text);
  return [...markdown.matchAll(BLOCK)]
    .filter(
      (block) => looksLikeOne(block) && !/<!-- screen [\w-]+ -->\n$/.test(markdown.slice(0, block.index)),
    )
    .map(([, , , text = '']) => text.split('\n')[0]?.trim() ?? '');
}
