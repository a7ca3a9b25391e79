// What a line of a log looks like: its text without control sequences, and its colours. Only colours (SGR) mean anything here. Pure.

/** How text is shown: the number of a colour of the palette, or none, and what else is on. */
export const PLAIN = Object.freeze({
  fg: -1,
  bg: -1,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
});

const SGR = '\\u001b\\[([0-9;:]{0,64})m';
/** As koalaci's filter for terminals: other sequences, whole ones, and single controls but for tabs and line ends. */
const OTHERS =
  '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]|' +
  '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\n\\u0007\\u001b\\u0090\\u0098\\u009c-\\u009f]*(?:\\u0007|\\u001b\\\\|\\u009c)?|' +
  '\\u001b[ -/]*[0-~]|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]';
const SEQUENCE = new RegExp(`${SGR}|${OTHERS}`, 'g');
/** What a terminal would have drawn over: a progress bar is its last frame. */
const DRAWN_OVER = /^[^\n]*\r(?=[^\r\n])/gm;

/** A text of many lines as it is read and searched, with as many lines. */
export function plainText(text) {
  const drawn = text.includes('\r') ? text.replace(DRAWN_OVER, '') : text;
  return drawn.replace(SEQUENCE, '');
}

/** A line as pieces of text in one style each, beginning in `style`. */
export function spansOf(line, style = PLAIN) {
  const drawn = line.includes('\r') ? line.replace(DRAWN_OVER, '') : line;
  const spans = [];
  let from = 0;
  const add = (to) => {
    if (to > from) spans.push({ text: drawn.slice(from, to), style });
  };
  for (const match of drawn.matchAll(SEQUENCE)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = styleAfter(style, match[1]);
  }
  add(drawn.length);
  return spans;
}

/** The style at the end of a text that begins in `style`. */
export function styleAt(text, style = PLAIN) {
  if (!text.includes('\u001b')) return style;
  for (const [, codes] of text.matchAll(new RegExp(SGR, 'g'))) style = styleAfter(style, codes);
  return style;
}

/** The style after a colour sequence with these parameters. */
export function styleAfter(before, codes) {
  const style = { ...before };
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at];
    if (code === 38 || code === 48) {
      const { colour, length } = extended(numbers.slice(at + 1));
      style[code === 38 ? 'fg' : 'bg'] = colour;
      at += length;
    } else Object.assign(style, EFFECTS.get(code) ?? colourOf(code));
  }
  return style;
}

/** The names of the classes that show a style. The palette has enough contrast in both modes; what stands on a colour is the page's. */
export function classesOf({ fg, bg, bold, dim, italic, underline }) {
  const names = [];
  if (bg >= 0) names.push(`bg${bg}`);
  else if (fg >= 0) names.push(`fg${fg}`);
  else if (dim) names.push('dim');
  if (bold) names.push('bold');
  if (italic) names.push('italic');
  if (underline) names.push('underline');
  return names.join(' ');
}

const EFFECTS = new Map([
  [0, PLAIN],
  [1, { bold: true }],
  [2, { dim: true }],
  [3, { italic: true }],
  [4, { underline: true }],
  [7, { bg: 7 }],
  [22, { bold: false, dim: false }],
  [23, { italic: false }],
  [24, { underline: false }],
  [27, { bg: -1 }],
  [39, { fg: -1 }],
  [49, { bg: -1 }],
]);

function colourOf(code) {
  if (code >= 30 && code <= 37) return { fg: code - 30 };
  if (code >= 40 && code <= 47) return { bg: code - 40 };
  if (code >= 90 && code <= 97) return { fg: code - 82 };
  if (code >= 100 && code <= 107) return { bg: code - 92 };
  return {};
}

/** One of 256 colours, or of 16 million: as that of the palette which it is most like, which can be read on the page. */
function extended([kind, ...rest]) {
  if (kind === 5) return { colour: ofCube(rest[0] ?? 0), length: 2 };
  if (kind !== 2) return { colour: -1, length: rest.length + 1 };
  return { colour: nearest(rest.slice(0, 3)), length: 4 };
}

function ofCube(index) {
  if (index < 16) return index;
  if (index >= 232) return nearest(Array(3).fill((index - 232) * 10 + 8));
  const cube = index - 16;
  return nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => step * 51));
}

function nearest([red = 0, green = 0, blue = 0]) {
  const most = Math.max(red, green, blue);
  const isGrey = most - Math.min(red, green, blue) < 40;
  if (isGrey) return most > 200 ? 15 : most > 110 ? 7 : 8;
  const bit = (part, value) => (part > most * 0.6 ? value : 0);
  return bit(red, 1) + bit(green, 2) + bit(blue, 4) + (most > 220 ? 8 : 0);
}
