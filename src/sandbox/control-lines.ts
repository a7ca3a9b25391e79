// Cuts a container's stderr into lines and sorts them: events, the docker command's own words, and what breaks the protocol.
//
// Only the entrypoint can write events. Should a build reach the channel all the same, it can neither forge one unnoticed, as
// they are numbered, nor fill our memory.
import { type ControlEvent, parseControl } from './control.js';

/** The longest event lists the names of files, with each letter escaped; see entrypoint::list_files. */
const MOST_LINE_BYTES = 2 * 1024 ** 2;
/** A build reports some twenty events. */
const MOST_BYTES = 4 * MOST_LINE_BYTES;
const MOST_EVENTS = 100;
/** As many lines of the docker command are kept, and as many letters of each. */
const KEPT_LINES = 100;
const KEPT_LETTERS = 1_000;
const NEWLINE = 0x0a;

/**
 * How the docker command begins what it says in the middle of a build, such as when it loses the engine. Before the first event,
 * the engine may say anything.
 */
const DOCKER = /^(time=|docker: |error|warning|cannot |unable |unexpected |see '|run ')/i;

export interface ControlSink {
  event: (event: ControlEvent) => void;
  /** Something else has written into the channel. Nothing follows. */
  broken: (how: string) => void;
}

export class ControlLines {
  readonly #sink: ControlSink;
  readonly #foreign: string[] = [];
  /** The line that has no end yet. */
  #open: Buffer[] = [];
  #openBytes = 0;
  #bytes = 0;
  #events = 0;
  #isBroken = false;

  constructor(sink: ControlSink) {
    this.#sink = sink;
  }

  /** The lines that are not events: messages of the docker command itself. */
  get foreign(): string {
    return this.#foreign.join('\n');
  }

  write(data: Buffer): void {
    let rest = data;
    this.#bytes += data.length;
    if (this.#bytes > MOST_BYTES) this.#break('it has too many bytes');
    for (let end = rest.indexOf(NEWLINE); end !== -1 && !this.#isBroken; end = rest.indexOf(NEWLINE)) {
      this.#hold(rest.subarray(0, end));
      this.#line(this.#taken());
      rest = rest.subarray(end + 1);
    }
    this.#hold(rest);
    if (this.#openBytes > MOST_LINE_BYTES) this.#break('it has a line without an end');
  }

  /** Half a line at the end was cut off with the container. */
  end(): void {
    const line = this.#taken();
    if (parseControl(line)) this.#line(line);
    else this.#keepForeign(line);
  }

  #hold(data: Buffer): void {
    if (this.#isBroken) return;
    this.#open.push(data);
    this.#openBytes += data.length;
  }

  #taken(): string {
    const line = Buffer.concat(this.#open).toString();
    this.#open = [];
    this.#openBytes = 0;
    return line;
  }

  #line(line: string): void {
    const event = parseControl(line);
    const isDockers = this.#events === 0 || line.trim() === '' || DOCKER.test(line);
    if (event) this.#event(event);
    else if (isDockers && !line.startsWith('{')) this.#keepForeign(line);
    else this.#break(`it has the line ${JSON.stringify(line.slice(0, 80))}`);
  }

  #event(event: ControlEvent): void {
    this.#events++;
    if (event.n !== this.#events) this.#break(`the event ${event.n} came in place of ${this.#events}`);
    else if (this.#events > MOST_EVENTS) this.#break('it has too many events');
    else this.#sink.event(event);
  }

  #keepForeign(line: string): void {
    if (line.trim() && this.#foreign.length < KEPT_LINES) this.#foreign.push(line.slice(0, KEPT_LETTERS));
  }

  #break(how: string): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#open = [];
    this.#openBytes = 0;
    this.#sink.broken(how);
  }
}
