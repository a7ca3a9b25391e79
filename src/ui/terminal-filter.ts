// Lets only text, line ends, tabs and colours through to a terminal. A build could otherwise move its cursor, set its clipboard,
// have it answer, turn the direction of writing around, or hide what koalaci says. Pure.
import { StringDecoder } from 'node:string_decoder';

/** Longer sequences are none: what they have inside is shown as text. In characters. */
const LONGEST = 4_096;
export const PLAIN = '\u001b[0m';

/** Sequences of ECMA-48, whole ones, by ESC and by the controls of 8 bits. The first alternative is what passes. */
const COLOUR = '\\u001b\\[[0-9;:]{0,64}m';
const CONTROL_SEQUENCE = '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]';
const STRING_START = '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])';
const STRING_END = '(?:\\u0007|\\u001b\\\\|\\u009c)';
/** No start of another one either: each of many would search to the end. */
const IN_STRING = '[^\\n\\u0007\\u001b\\u0090\\u0098\\u009c-\\u009f]*';
const ESCAPE = '\\u001b[ -/]*[0-~]';
/** All but tabs, line ends and carriage returns, with which programs draw their progress; separators of lines, and directions. */
const SINGLE =
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]';
/** To the first column: what follows is drawn over what stands there, as after a carriage return. */
const TO_START = /^(?:\u001b\[|\u009b)[01]?G$/;

const SEQUENCE = new RegExp(
  `(${COLOUR})|${CONTROL_SEQUENCE}|${STRING_START}${IN_STRING}${STRING_END}|${ESCAPE}|${SINGLE}`,
  'g',
);
/** What more data may make a sequence. */
const UNFINISHED = new RegExp(
  `(?:\\u001b[ -/]*|(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*|${STRING_START}${IN_STRING}\\u001b?)$`,
);

/** Filters a stream, wherever it is cut. */
export class TerminalFilter {
  readonly #decoder = new StringDecoder('utf8');
  /** Whether colours pass, too. */
  readonly #colours: boolean;
  #rest = '';
  #isColoured = false;

  constructor({ colours = true }: { colours?: boolean } = {}) {
    this.#colours = colours;
  }

  /** What may be shown of these data and those before. */
  push(data: Buffer): Buffer {
    return Buffer.from(this.text(data));
  }

  /** The same as text. */
  text(data: Buffer): string {
    const text = this.#rest + this.#decoder.write(data);
    const at = text.search(UNFINISHED);
    const isHeld = at !== -1 && text.length - at <= LONGEST;
    this.#rest = isHeld ? text.slice(at) : '';
    return this.#filter(isHeld ? text.slice(0, at) : text);
  }

  /** What is left to show, in no colour: what koalaci says next is not the build's. */
  end(): Buffer {
    const rest = this.#filter(this.#rest + this.#decoder.end());
    this.#rest = '';
    const plain = this.#isColoured ? PLAIN : '';
    this.#isColoured = false;
    return Buffer.from(rest + plain);
  }

  #filter(text: string): string {
    return text.replace(SEQUENCE, (sequence, colour: string | undefined) => {
      if (!colour) return TO_START.test(sequence) ? '\r' : '';
      if (!this.#colours) return '';
      this.#isColoured = true;
      return colour;
    });
  }
}

/** A whole text as it may be shown. */
export function forTerminal(text: string): string {
  const filter = new TerminalFilter();
  return Buffer.concat([filter.push(Buffer.from(text)), filter.end()]).toString();
}
