// What a terminal shows of a build that runs: events in, lines out. Pure but for the clock that it is given.
import { visible } from '../job/printable.js';
import type { BuildEvent } from '../runner/events.js';
import { BuildLines } from './build-lines.js';
import { drawEnded, drawOutput, drawRunning, GUTTER, type Running } from './draw-step.js';
import type { Paint } from './paint.js';
import { showBase } from './reused.js';
import { Tail } from './tail.js';

/** Lines of output below a step that runs; and those that stay if it fails. */
const SHOWN = 6;
const LEFT_OPEN = 100;
/** Lines of the terminal that are left for others. */
const SPARED = 3;

export interface ViewOptions {
  paint: Paint;
  /** Whether the build's own colours pass. */
  colours: boolean;
  /** Whether all output stays, instead of its last lines while it comes. */
  verbose: boolean;
  now: () => number;
}

export class BuildView {
  readonly #options: ViewOptions;
  #deployment = '';
  /** Lines that stay and are not shown yet. */
  #staying: string[] = [];
  #running: Running | undefined;
  #base = '';
  #tail: Tail;
  #lines: BuildLines;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#running = {
      name: 'start',
      since: options.now(),
      why: 'looks at the machine and starts a container',
    };
    this.#tail = new Tail(options.colours);
    this.#lines = new BuildLines(options);
  }

  /** Takes an event. That of the end is for who draws the summary: here, only what runs ends. */
  show(event: BuildEvent): void {
    const { paint } = this.#options;
    switch (event.type) {
      case 'started':
        this.#start(event);
        break;
      case 'step_started':
        this.#begin(event.step, event.why ?? (event.step === 'source' ? this.#base : ''));
        break;
      case 'log':
        this.#log(event);
        break;
      case 'step_ended':
        this.#end(event);
        break;
      case 'retried':
        this.#staying.push(`${paint.bold('koalaci')} builds it once more, from nothing`);
        break;
      case 'ended':
        this.#flush();
        this.#running = undefined;
    }
  }

  /** Says something that stays, above what is drawn. */
  say(lines: readonly string[]): void {
    this.#staying.push(...lines);
  }

  /** The lines that stay, once each. */
  staying(): string[] {
    return this.#staying.splice(0);
  }

  /** The lines at the end of the terminal, which are drawn anew each time. */
  region({ columns, rows }: { columns: number; rows: number }): string[] {
    if (!this.#running) return [];
    const { paint, now, verbose } = this.#options;
    const running = drawRunning(this.#running, { now: now(), columns, paint });
    if (verbose) {
      const open = this.#lines.open;
      return open === '' ? [running] : [...drawOutput([open], { columns, paint }), running];
    }
    const most = Math.max(0, Math.min(SHOWN, rows - SPARED));
    return [running, ...drawOutput(this.#tail.last(most), { columns, paint })];
  }

  #start({ record, base }: Extract<BuildEvent, { type: 'started' }>): void {
    const { paint, now } = this.#options;
    const { deployment, project, branch } = record;
    this.#deployment = deployment;
    this.#base = base ? showBase(base, now()) : '';
    const what = `${paint.bold('koalaci')} builds ${paint.bold(deployment)}`;
    this.#staying.push(`${what} (${visible(`${project}, ${branch}`)})`);
  }

  #begin(name: string, why: string): void {
    this.#running = { name, since: this.#options.now(), ...(why ? { why } : {}) };
    this.#tail = new Tail(this.#options.colours);
  }

  #log({ data, own }: Extract<BuildEvent, { type: 'log' }>): void {
    if (own) {
      this.#flush();
      this.#staying.push(...this.#ownLines(data));
    } else if (this.#options.verbose) {
      const { paint } = this.#options;
      this.#staying.push(...this.#lines.push(data).map((line) => paint.dim(GUTTER) + line));
    } else this.#tail.add(data);
  }

  #ownLines(data: Buffer): string[] {
    const lines = new BuildLines({ colours: false });
    return [...lines.push(data), ...lines.end()].map((line) => this.#options.paint.yellow(line));
  }

  #end(event: Extract<BuildEvent, { type: 'step_ended' }>): void {
    const { paint, verbose } = this.#options;
    this.#flush();
    const note = event.note || (this.#running?.why ?? '');
    this.#staying.push(drawEnded({ ...event, note }, paint));
    if (!event.ok && !verbose) this.#leaveOpen(event.step);
    this.#begin('…', event.ok ? '' : 'ends the build');
  }

  /** The last output of a step that failed stays. */
  #leaveOpen(step: string): void {
    const { paint } = this.#options;
    const lines = this.#tail.last(LEFT_OPEN);
    const before = this.#tail.lines - lines.length;
    if (before > 0)
      this.#staying.push(
        paint.dim(
          `${GUTTER}… ${before.toLocaleString('en')} lines before: koalaci logs ${this.#deployment} --step ${step}`,
        ),
      );
    this.#staying.push(...lines.map((line) => paint.dim(GUTTER) + line));
  }

  #flush(): void {
    if (!this.#options.verbose) return;
    const { paint } = this.#options;
    this.#staying.push(...this.#lines.end().map((line) => paint.dim(GUTTER) + line));
  }
}
