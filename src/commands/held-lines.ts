// Holds back what may be the end of a log that is followed: there koalaci says how the build ended, which the screen says by itself. Pure.
import { endsLine } from '../store/log-chunks.js';

const OWN = 'koalaci: ';

export class HeldLines {
  #held = '';

  /** What of some more data, and of what was held before, can be shown. Held are lines of koalaci's own, as long as nothing follows. */
  push(data: Buffer): Buffer {
    const before = this.flush();
    if (!endsLine(data)) return Buffer.concat([before, data]);
    let from = data.length;
    while (from > 0) {
      const start = data.lastIndexOf(0x0a, from - 2) + 1;
      if (!data.subarray(start, from).toString().startsWith(OWN)) break;
      from = start;
    }
    this.#held = data.subarray(from).toString();
    return Buffer.concat([before, data.subarray(0, from)]);
  }

  /** All that is held: the build goes on. */
  flush(): Buffer {
    const held = Buffer.from(this.#held);
    this.#held = '';
    return held;
  }

  /** What is held, without the words of an ending, whose first line is given. */
  end(first: string | undefined): Buffer {
    const at = first === undefined ? -1 : this.#held.lastIndexOf(`${OWN}${first}\n`);
    if (at !== -1) this.#held = this.#held.slice(0, at);
    return this.flush();
  }
}
