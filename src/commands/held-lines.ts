// Holds back what may be the end of a log that is followed: there koalaci says how the build ended, which the screen says by itself. Pure.

/** Some of a log: of the build's output, or of what koalaci itself says. */
export interface Said {
  data: Buffer;
  own: boolean;
}

export class HeldLines {
  #held = '';

  /** What of some more, and of what was held before, can be shown. Held is what koalaci itself says, as long as nothing follows. */
  push(said: Said): Said[] {
    if (!said.own) return [...this.flush(), said];
    this.#held += said.data.toString();
    return [];
  }

  /** All that is held: the build goes on. */
  flush(): Said[] {
    const data = Buffer.from(this.#held);
    this.#held = '';
    return data.length > 0 ? [{ data, own: true }] : [];
  }

  /** What is held, without the words of an ending, whose first line is given. */
  end(first: string | undefined): Said[] {
    const at = first === undefined ? -1 : this.#held.lastIndexOf(`koalaci: ${first}\n`);
    if (at !== -1) this.#held = this.#held.slice(0, at);
    return this.flush();
  }
}
