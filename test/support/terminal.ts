// A terminal as far as koalaci may use one. What else reaches it is a failure: it could draw over what koalaci says.
import { widthOf } from '../../src/ui/cells.js';

const TOKEN = /\u001b\[(\??)([0-9;]*)([A-Za-z])|[\s\S]/gu;

export class Terminal {
  columns: number;
  /** Lines with a cell each; all of them, also those that have scrolled away. */
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #continues = true;

  constructor(columns = 80) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const [all, mark = '', numbers = '', command] of text.matchAll(TOKEN)) {
      if (command) this.#command(mark + command, numbers);
      else this.#letter(all);
    }
  }

  /** All lines that were ever printed, as they stand, without spaces at their ends and without empty ones at the end. */
  get text(): string {
    return this.#lines
      .map((cells) =>
        cells
          .map((cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  #command(command: string, numbers: string): void {
    const count = Number(numbers || 1);
    if (command === 'm') return;
    if (command === 'A') this.#row = Math.max(0, this.#row - count);
    else if (command === 'K') this.#line().length = Math.min(this.#line().length, this.#column);
    else if ((command === '?l' || command === '?h') && numbers === '7') this.#continues = command === '?h';
    else throw new Error(`the terminal is commanded: ${JSON.stringify(numbers + command)}`);
  }

  #letter(letter: string): void {
    if (letter === '\n') {
      this.#row++;
      this.#column = 0;
      this.#line();
    } else if (letter === '\r') this.#column = 0;
    else if (letter < ' ' || (letter >= '\u007f' && letter < '\u00a0'))
      throw new Error(`control ${JSON.stringify(letter)}`);
    else this.#put(letter, widthOf(letter));
  }

  #put(letter: string, width: number): void {
    if (width === 0) {
      const before = this.#line()[this.#column - 1];
      if (before !== undefined) this.#line()[this.#column - 1] = before + letter;
      return;
    }
    if (this.#column + width > this.columns) {
      if (!this.#continues) return;
      this.#letter('\n');
    }
    const line = this.#line();
    while (line.length < this.#column) line.push(' ');
    line[this.#column] = letter;
    if (width === 2) line[this.#column + 1] = '';
    this.#column += width;
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    return this.#lines[this.#row] as string[];
  }
}
