// Finds the lines that have a text, in all steps. It lets the page draw in between, and a newer search ends it.
import { lastAtMost } from './step-log.js';

/** The page answers at least this often. */
const SLICE_MS = 40;

/** The lines that have been found, in the order of the log. Each is a line of a chunk of a step. */
export class Found {
  count = 0;
  #parts = [];
  #before = [];

  add(step, chunk, lines) {
    if (lines.length === 0) return;
    this.#before.push(this.count);
    this.#parts.push({ step, chunk, lines });
    this.count += lines.length;
  }

  /** The one at a place, counted from 0. */
  at(place) {
    const part = lastAtMost(this.#before, place);
    const { step, chunk, lines } = this.#parts[part];
    return { step, chunk, index: lines[place - this.#before[part]] };
  }
}

export class Searcher {
  #steps;
  #current = 0;

  /** `steps`: whatever has `chunks`. */
  constructor(steps) {
    this.#steps = steps;
  }

  /** What has the text, whatever its case; undefined if another search has begun meanwhile. */
  async find(text) {
    const turn = ++this.#current;
    const needle = text.toLowerCase();
    const found = new Found();
    if (needle === '') return found;
    let began = performance.now();
    for (const step of this.#steps)
      for (const chunk of step.chunks) {
        if (!chunk.isLoaded) await chunk.load();
        if (performance.now() - began > SLICE_MS) {
          await nextTurn();
          began = performance.now();
        }
        if (turn !== this.#current) return undefined;
        found.add(step, chunk, chunk.search(needle));
      }
    return found;
  }
}

/** Lets events and drawing come first. A timer would wait four milliseconds. */
export function nextTurn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
