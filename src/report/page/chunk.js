// A part of the log, of whole lines: packed in the page, and unpacked when somebody looks at it or searches.
import { plainText, spansOf, styleAt } from './ansi.js';

export class Chunk {
  /** The number of its first line in the log, and how many lines it has. Lines that stand for missing ones have no number. */
  first;
  count;
  #packed;
  /** The style at the start of a line: rows are drawn in their order, so each goes on from the one before. */
  #styled;
  #begins;
  #loading;
  #text;
  #starts;
  #searched;

  /** `packed`: base64 of its text, deflated. `sgr`: the colour sequences that hold where it begins. */
  constructor({ first, count, sgr = '', packed }) {
    this.first = first;
    this.count = count;
    this.#packed = packed;
    this.#begins = { index: 0, style: styleAt(sgr) };
    this.#styled = this.#begins;
  }

  get isLoaded() {
    return this.#text !== undefined;
  }

  /** Unpacks it, once. */
  load() {
    this.#loading ??= unpack(this.#packed).then((text) => {
      this.#text = text;
      this.#packed = undefined;
    });
    return this.#loading;
  }

  /** The pieces of one of its lines, by its place in here. */
  spans(index) {
    this.#starts ??= startsOf(this.#text);
    return spansOf(lineAt(this.#text, this.#starts, index), this.#styleAt(index));
  }

  #styleAt(index) {
    const before = this.#styled.index <= index ? this.#styled : this.#begins;
    const passed = this.#text.slice(this.#starts[before.index], this.#starts[index]);
    this.#styled = { index, style: styleAt(passed, before.style) };
    return this.#styled.style;
  }

  /** What search() reads, made in advance. */
  prepare() {
    this.#searched ??= searchedText(this.#text);
    return this.#searched;
  }

  /** The places of the lines that have a text, which is in lower case. */
  search(needle) {
    const searched = this.prepare();
    const { text } = searched;
    const found = [];
    let at = text.indexOf(needle);
    if (at === -1) return found;
    searched.starts ??= startsOf(text);
    const { starts } = searched;
    for (let line = 0; at !== -1; at = text.indexOf(needle, starts[line])) {
      while (line < starts.length && starts[line] <= at) line++;
      found.push(line - 1);
      if (line >= starts.length) break;
    }
    return found;
  }
}

function searchedText(text) {
  const isPlain = !text.includes('\u001b') && !text.includes('\r');
  return { text: (isPlain ? text : plainText(text)).toLowerCase() };
}

function lineAt(text, starts, index) {
  const end = index + 1 < starts.length ? starts[index + 1] - 1 : text.length;
  return text.slice(starts[index], end).replace(/\n$/, '');
}

/** Where each line begins. */
function startsOf(text) {
  const starts = [];
  for (let at = 0; at < text.length; ) {
    starts.push(at);
    const end = text.indexOf('\n', at);
    at = end === -1 ? text.length : end + 1;
  }
  return Uint32Array.from(starts);
}

async function unpack(packed) {
  const stream = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new TextDecoder().decode(await new Response(stream).arrayBuffer());
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
