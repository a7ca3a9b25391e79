// How many cells of a terminal a text takes, and how it is cut to fit. Where terminals differ, it counts the larger number, so that
// what fits here fits everywhere. Pure.

const SGR = /\u001b\[[0-9;:]*m/y;
const PLAIN = /^[\x20-\x7e]*$/;
/** East Asian wide letters, and what is drawn as a picture (UAX 11, UTS 51). */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
/** What stands on the letter before it, or nowhere. Not the soft hyphen, and not the selector that makes a picture of a letter. */
const NOWHERE = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
const PICTURE = '\ufe0f';
const SOFT_HYPHEN = '\u00ad';
const TAB = 8;

/** The cells of one letter. */
function cellsOf(letter: string): number {
  if (letter >= ' ' && letter <= '~') return 1;
  if (letter === PICTURE || letter === SOFT_HYPHEN) return 1;
  if (NOWHERE.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

/** The cells that a text of one line takes. Colours take none. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const piece of piecesOf(text)) width += piece.isColour ? 0 : cellsOf(piece.text);
  return width;
}

/** A text that takes at most so many cells: its end is left out where it has more, which `…` shows. Tabs become spaces. */
export function cutTo(width: number, text: string): string {
  if (PLAIN.test(text)) return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
  const whole = spread(text, Number.POSITIVE_INFINITY);
  return widthOf(whole) <= width ? whole : `${spread(text, width - 1)}…`;
}

/** A text that takes exactly so many cells, if it has no more. */
export function padTo(width: number, text: string): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A text in lines of at most so many cells, broken at spaces. A longer word has a line for itself. */
export function wrapTo(width: number, text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text without its middle, where it takes more than so many cells: names differ at their ends. */
export function shortenTo(width: number, text: string): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text];
  const tail = Math.floor((width - 1) / 2);
  const head = take(letters, width - 1 - tail);
  return `${head}…${take(letters.reverse(), tail, true)}`;
}

function take(letters: string[], width: number, isReversed = false): string {
  let taken = '';
  let left = width;
  for (const letter of letters) {
    left -= cellsOf(letter);
    if (left < 0) break;
    taken = isReversed ? letter + taken : taken + letter;
  }
  return taken;
}

/** The beginning of a text that takes at most so many cells, with all of its colours, and spaces for tabs. */
function spread(text: string, width: number): string {
  let shown = '';
  let at = 0;
  let isFull = false;
  for (const { text: piece, isColour } of piecesOf(text)) {
    const letters = piece === '\t' ? ' '.repeat(TAB - (at % TAB)) : piece;
    const cells = isColour ? 0 : piece === '\t' ? letters.length : cellsOf(piece);
    isFull ||= at + cells > width;
    if (isFull && !isColour) continue;
    shown += letters;
    at += cells;
  }
  return shown;
}

function* piecesOf(text: string): Generator<{ text: string; isColour: boolean }> {
  for (let at = 0; at < text.length; ) {
    SGR.lastIndex = at;
    const colour = SGR.exec(text)?.[0];
    const piece = colour ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
    yield { text: piece, isColour: colour !== undefined };
    at += piece.length;
  }
}
