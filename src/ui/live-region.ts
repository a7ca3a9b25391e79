// The lines at the end of a terminal that are drawn again and again. What is above them scrolls away as it was printed.

/** Lines of the region are cut at the edge, not continued; others are continued. */
const CUT = '\u001b[?7l';
const CONTINUE = '\u001b[?7h';
/**
 * Line by line, and never the whole rest of the screen: tmux takes that for a screen that is cleared, and keeps a copy of what was
 * drawn above it.
 */
const ERASE_REST = '\u001b[K';

/** The part of a terminal that a region needs. */
export interface RegionStream {
  write(text: string): unknown;
  columns?: number;
}

export class LiveRegion {
  readonly #stream: RegionStream;
  readonly #widthOf: (line: string) => number;
  /** The cells of each line that is drawn. */
  #drawn: number[] = [];

  constructor(stream: RegionStream, widthOf: (line: string) => number) {
    this.#stream = stream;
    this.#widthOf = widthOf;
  }

  /** Prints lines that stay, and draws the region anew below them. In one write, so that nothing flickers. */
  draw(staying: readonly string[], region: readonly string[]): void {
    const before = this.#rows();
    const stays = staying.map((line) => `${line}\n`).join('');
    const drawn = region.length > 0 ? CUT + region.join('\n') + CONTINUE : '';
    if (before === 0 && stays === '' && drawn === '') return;
    this.#stream.write(erased(before) + stays + drawn);
    this.#drawn = region.map(this.#widthOf);
  }

  /** How many rows the region takes. A terminal that was made narrower has continued its lines by itself. */
  #rows(): number {
    const columns = this.#stream.columns || Number.POSITIVE_INFINITY;
    return this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
  }
}

/** Erases the last rows of a terminal, and goes to the start of the first one. */
function erased(rows: number): string {
  if (rows === 0) return '';
  const up = rows > 1 ? `\u001b[${rows - 1}A` : '';
  return `\r${up}${Array.from({ length: rows }, () => ERASE_REST).join('\n')}\r${up}`;
}
