// Follows what a dist directory has, entry by entry: what of it is shipped, and what there is to say of it.
import type { Cause } from '../job/ending.js';
import { depthOf, Entries, inner, isGits } from './entries.js';
import { type Hosting, HostingHints } from './hosting.js';
import { type ArtifactLimits, excess, type Found } from './limits.js';
import { type Noted, noNotes, note, nothingShipped } from './pack-answer.js';
import { isUtf8 } from './tar-header.js';
import type { TarEntry } from './tar-reader.js';

export interface ShipmentSink {
  /** An entry is let in, before the next one is read. Of links, that is not the last word. */
  admitted: (entry: TarEntry) => void;
  /** An entry is shipped, in the order of the archive: links last. */
  shipped: (entry: TarEntry) => void;
}

export class Shipment {
  readonly #limits: ArtifactLimits;
  readonly #sink: ShipmentSink;
  readonly #entries = new Entries();
  readonly #hints = new HostingHints();
  readonly #found: Found = { bytes: 0, entries: 0, path: 0, depth: 0, links: 0, unshipped: 0 };
  readonly #links: TarEntry[] = [];
  /** What there is to say about the entries so far. */
  readonly noted: Noted = noNotes();
  /** What is shipped so far. */
  files = 0;
  bytes = 0;
  /** The cause that ends the build, once it is known. */
  cause: Cause | undefined;

  constructor(limits: ArtifactLimits, sink: ShipmentSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** What a web server has to know of the entries so far. */
  get hosting(): Hosting {
    return this.#hints.hosting;
  }

  /** Ships the next entry of the dist directory, or notes why it is left out. */
  entry(read: TarEntry): void {
    const entry = { ...read, path: inner(read.path) };
    this.#count(entry);
    this.cause = excess(this.#found, this.#limits);
    if (this.cause) return;
    const { why, isAlike } = { isAlike: false, ...this.#entries.admit(entry) };
    if (why) note(this.noted.leftOut, entry.path, why);
    if (why !== undefined) return;
    this.#noteName(entry.path, isAlike);
    this.#sink.admitted(entry);
    if (entry.type === '2') this.#links.push(entry);
    else this.#put(entry);
  }

  /** Ships the links, after all entries. Returns a cause when nothing is shipped. */
  end(): Cause | undefined {
    for (const link of this.#links) {
      const why = this.#entries.whyLinkLeftOut(link.path);
      if (why) note(this.noted.leftOut, link.path, why);
      else this.#put(link);
    }
    return this.files === 0 ? nothingShipped(this.noted) : undefined;
  }

  /** Counts it whether it is shipped or not: the limits hold for what is read. */
  #count({ type, path, target, size }: TarEntry): void {
    const found = this.#found;
    if (isGits(path)) {
      found.unshipped += size;
      return;
    }
    found.entries++;
    found.bytes += size;
    found.path = Math.max(found.path, path.length, target.length);
    found.depth = Math.max(found.depth, depthOf(path));
    if (type === '2') found.links += path.length + target.length;
  }

  #noteName(path: string, isAlike: boolean): void {
    if (isAlike) note(this.noted.alike, path);
    if (!isUtf8(path)) note(this.noted.notUtf8, path);
  }

  #put(entry: TarEntry): void {
    const { type, path, target, size } = entry;
    if (type !== '5') this.files++;
    if (type !== '5') this.#hints.file(path);
    this.bytes += size;
    this.#sink.shipped({ ...entry, target: type === '1' ? inner(target) : target });
  }
}
