// Merges the two channels of a container in their original order: log, archive, control events. Pure except for callbacks.
import { type ControlEvent, parseControl } from './control.js';
import { markerStart } from './protocol.js';

/** ASCII record separator: the first byte of a marker. */
const MARK = 0x1e;
const NEWLINE = 0x0a;
/** Longer than any marker: separator, 32 hexadecimal digits, space, number, newline. */
const LONGEST = 64;

export interface ChannelSink {
  log: (data: Buffer) => void;
  /** The dist directory as a tar, between the events archive_started and archive_ended. */
  archive: (data: Buffer) => void;
  event: (event: ControlEvent) => void;
}

/**
 * stdout and stderr reach us through two pipes, which loses their order. So for every event on stderr the entrypoint also
 * writes a marker into stdout, at the place where the event happened. Markers have a nonce that build code never sees.
 */
export class Channel {
  readonly #marker: Buffer;
  readonly #sink: ChannelSink;
  #log: Buffer = Buffer.alloc(0);
  #line = '';
  #events = new Map<number, ControlEvent>();
  #foreign: string[] = [];
  #atLineStart = true;
  #inArchive = false;

  constructor(nonce: string, sink: ChannelSink) {
    this.#marker = Buffer.from(markerStart(nonce));
    this.#sink = sink;
  }

  /** The lines on stderr that are not events: messages of the docker command itself. */
  get foreign(): string {
    return this.#foreign.join('\n');
  }

  /** Takes data of the container's stdout. */
  stdout(data: Buffer): void {
    this.#log = this.#log.length > 0 ? Buffer.concat([this.#log, data]) : data;
    this.#drain();
  }

  /** Takes data of the container's stderr. */
  stderr(data: Buffer): void {
    const lines = (this.#line + data.toString()).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#control(line);
    this.#drain();
  }

  /** Both streams have ended. */
  end(): void {
    if (this.#line) this.#control(this.#line);
    this.#line = '';
    this.#drain();
    this.#emit(this.#log);
    this.#log = Buffer.alloc(0);
  }

  #control(line: string): void {
    const event = parseControl(line);
    if (event) this.#events.set(event.n, event);
    else if (line.trim() && this.#foreign.length < 100) this.#foreign.push(line);
  }

  #drain(): void {
    for (;;) {
      const at = this.#log.indexOf(this.#marker);
      if (at === -1) break;
      const end = this.#log.indexOf(NEWLINE, at);
      if (end === -1) return;
      const event = this.#events.get(Number(this.#log.subarray(at + this.#marker.length, end).toString()));
      // The marker has arrived before its event, which will follow at once.
      if (!event) return;
      this.#events.delete(event.n);
      this.#emit(this.#log.subarray(0, at));
      if (!this.#inArchive && !this.#atLineStart) this.#emit(Buffer.from('\n'));
      this.#log = this.#log.subarray(end + 1);
      this.#inArchive = event.event === 'archive_started';
      this.#sink.event(event);
    }
    this.#emitSafe();
  }

  /** Passes on everything that cannot be the start of a marker. */
  #emitSafe(): void {
    const tail = this.#log.lastIndexOf(MARK);
    const held =
      tail !== -1 && this.#log.length - tail < LONGEST && this.#mayBecomeMarker(tail)
        ? tail
        : this.#log.length;
    this.#emit(this.#log.subarray(0, held));
    this.#log = this.#log.subarray(held);
  }

  #mayBecomeMarker(at: number): boolean {
    const start = this.#log.subarray(at, at + this.#marker.length);
    return start.equals(this.#marker.subarray(0, start.length));
  }

  #emit(data: Buffer): void {
    if (data.length === 0) return;
    if (this.#inArchive) {
      this.#sink.archive(data);
    } else {
      this.#atLineStart = data.at(-1) === NEWLINE;
      this.#sink.log(data);
    }
  }
}
