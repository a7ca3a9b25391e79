// Merges the two channels of a container in their original order: log, archive, lockfile, control events. Pure except for callbacks.
import type { ControlEvent } from './control.js';
import { ControlLines } from './control-lines.js';
import { markerStart } from './protocol.js';

/** ASCII record separator: the first byte of a marker. */
const MARK = 0x1e;
const NEWLINE = 0x0a;
/** Longer than any marker: separator, 32 hexadecimal digits, space, number, newline. */
const LONGEST = 64;
/** How much of the log may wait for an event: that was written before its marker, and comes at once. */
const MOST_HELD = 32 * 1024 ** 2;

/** What stdout is after an event; else the log. */
const CONTENTS: Partial<Record<ControlEvent['event'], 'archive' | 'lockfile'>> = {
  list_started: 'archive',
  archive_started: 'archive',
  lockfile_started: 'lockfile',
};

export interface ChannelSink {
  log: (data: Buffer) => void;
  /** The dist directory as a tar, between the events archive_started and archive_ended; or as a list, between list_started and list_ended. */
  archive: (data: Buffer) => void;
  /** The lockfile, between the events lockfile_started and lockfile_ended. */
  lockfile: (data: Buffer) => void;
  event: (event: ControlEvent) => void;
  /** Something else than the entrypoint has written into the control channel. Nothing follows. */
  broken: (how: string) => void;
}

/**
 * stdout and stderr reach us through two pipes, which loses their order. So for every event on stderr the entrypoint also
 * writes a marker into stdout, at the place where the event happened. Markers have a nonce that build code never sees.
 */
export class Channel {
  readonly #marker: Buffer;
  readonly #sink: ChannelSink;
  #log: Buffer = Buffer.alloc(0);
  readonly #control: ControlLines;
  #events = new Map<number, ControlEvent>();
  #atLineStart = true;
  /** What stdout is at this place. */
  #content: 'log' | 'archive' | 'lockfile' = 'log';
  #isBroken = false;

  constructor(nonce: string, sink: ChannelSink) {
    this.#marker = Buffer.from(markerStart(nonce));
    this.#sink = sink;
    this.#control = new ControlLines({
      event: (event) => this.#events.set(event.n, event),
      broken: (how) => this.#break(how),
    });
  }

  /** The lines on stderr that are not events: messages of the docker command itself. */
  get foreign(): string {
    return this.#control.foreign;
  }

  /** Takes data of the container's stdout. */
  stdout(data: Buffer): void {
    if (this.#isBroken) return;
    this.#log = this.#log.length > 0 ? Buffer.concat([this.#log, data]) : data;
    this.#drain();
  }

  /** Takes data of the container's stderr. */
  stderr(data: Buffer): void {
    this.#control.write(data);
    this.#drain();
  }

  /** Both streams have ended. */
  end(): void {
    this.#control.end();
    this.#drain();
    this.#emit(this.#log);
    this.#log = Buffer.alloc(0);
  }

  /** What came before stays; what is held may be forged. */
  #break(how: string): void {
    this.#isBroken = true;
    this.#log = Buffer.alloc(0);
    this.#events.clear();
    this.#sink.broken(how);
  }

  #drain(): void {
    for (;;) {
      const at = this.#log.indexOf(this.#marker);
      if (at === -1) {
        this.#emitSafe();
        return;
      }
      const end = this.#log.indexOf(NEWLINE, at);
      if (end === -1) break;
      const event = this.#events.get(Number(this.#log.subarray(at + this.#marker.length, end).toString()));
      // The marker has arrived before its event, which will follow at once.
      if (!event) break;
      this.#events.delete(event.n);
      this.#emit(this.#log.subarray(0, at));
      if (this.#content === 'log' && !this.#atLineStart) this.#emit(Buffer.from('\n'));
      this.#log = this.#log.subarray(end + 1);
      this.#content = CONTENTS[event.event] ?? 'log';
      this.#sink.event(event);
    }
    if (this.#log.length > MOST_HELD) this.#break('a marker in the log has no event');
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
    if (this.#content === 'log') this.#atLineStart = data.at(-1) === NEWLINE;
    this.#sink[this.#content](data);
  }
}
