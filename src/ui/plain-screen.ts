// Shows a build as lines, where nothing is to be drawn: each line of output with its step and time, or between the folds of a CI.
// The output goes to standard output, koalaci's own words to standard error; under a CI both go to the same place, in their order.
import type { BuildFacts } from '../job/build-facts.js';
import { visible } from '../job/printable.js';
import type { JobRecord } from '../job/record.js';
import type { BuildEvent } from '../runner/events.js';
import { BuildLines } from './build-lines.js';
import type { BuildScreen } from './build-screen.js';
import { drawEnded } from './draw-step.js';
import { drawEnding, drawFacts } from './draw-summary.js';
import type { Folds } from './folds.js';
import { Output } from './output.js';
import { columnsOf, isOutputColoured, outputPaint, paint } from './paint.js';
import { say } from './print.js';
import { Tail } from './tail.js';
import { showRunning } from './words.js';

/** Of a step that failed, so many lines are repeated below its fold. */
const LEFT_OPEN = 30;
const COUNTED_MS = 100;

export class PlainScreen implements BuildScreen {
  readonly #output: Output;
  readonly #folds: Folds | undefined;
  readonly #isRaw: boolean;
  readonly #paint: typeof paint;
  readonly #lines = new BuildLines({ colours: isOutputColoured });
  #tail = new Tail(isOutputColoured);
  #step = '';
  #since = 0;

  constructor({ raw = false, folds }: { raw?: boolean; folds?: Folds | undefined } = {}) {
    this.#isRaw = raw;
    this.#folds = raw ? undefined : folds;
    this.#output = new Output(process.stdout, { raw: true });
    this.#paint = this.#folds ? outputPaint : paint;
  }

  ready(): Promise<void> | undefined {
    return this.#output.ready();
  }

  show(event: BuildEvent): void {
    switch (event.type) {
      case 'started': {
        const { deployment, project, branch } = event.record;
        this.#say([`koalaci builds ${deployment} (${visible(`${project}, ${branch}`)})`]);
        break;
      }
      case 'step_started':
        this.#begin(event);
        break;
      case 'log':
        this.#log(event);
        break;
      case 'step_ended':
        this.#end(event);
        break;
      case 'retried':
        this.#say(['koalaci builds it once more, from nothing']);
        break;
      case 'ended':
        this.#ended(event);
    }
  }

  add(record: Readonly<JobRecord>, facts: BuildFacts): void {
    this.#say(drawFacts(record, facts, this.#view()));
  }

  #begin({ step, why = '' }: Extract<BuildEvent, { type: 'step_started' }>): void {
    this.#step = step;
    this.#since = Date.now();
    this.#tail = new Tail(isOutputColoured);
    if (this.#folds)
      this.#write(this.#folds.begin(step, why ? `${step}: ${visible(why)}` : step, this.#since));
    else this.#say([this.#paint.dim(`  ${step} …${why ? `  ${visible(why)}` : ''}`)]);
  }

  #log({ data, own }: Extract<BuildEvent, { type: 'log' }>): void {
    if (this.#isRaw) {
      this.#output.write(data);
      return;
    }
    if (own) {
      const lines = new BuildLines({ colours: false });
      this.#print(this.#lines.end());
      this.#write([...lines.push(data), ...lines.end()].map((line) => `${line}\n`).join(''));
      return;
    }
    if (this.#folds) this.#tail.add(data);
    this.#print(this.#lines.push(data));
  }

  #end(event: Extract<BuildEvent, { type: 'step_ended' }>): void {
    this.#print(this.#lines.end());
    this.#step = '';
    if (this.#folds) this.#write(this.#folds.end(event.step, Date.now()));
    this.#say([drawEnded(event, this.#paint)]);
    if (!this.#folds || event.ok) return;
    // A fold that failed cannot be opened from here: its end is repeated.
    this.#write(
      this.#tail
        .last(LEFT_OPEN)
        .map((line) => `  | ${line}\n`)
        .join(''),
    );
  }

  #ended(event: Extract<BuildEvent, { type: 'ended' }>): void {
    this.#print(this.#lines.end());
    this.#say(drawEnding(event, this.#view()));
    const { ending } = event;
    if (this.#folds && ending.status === 'ERROR')
      this.#write(this.#folds.failure(visible(`${ending.reason}: ${ending.message}`)));
  }

  /** The prefix is koalaci's: no line of the build can have another one. */
  #print(lines: string[]): void {
    if (lines.length === 0) return;
    const prefix = this.#folds ? '' : this.#prefix();
    this.#write(lines.map((line) => `${prefix}${line}\n`).join(''));
  }

  #prefix(): string {
    const ms = this.#since === 0 ? 0 : Math.floor((Date.now() - this.#since) / COUNTED_MS) * COUNTED_MS;
    return outputPaint.dim(`${this.#step.padEnd(9)} ${showRunning(ms).padStart(7)} | `);
  }

  #say(lines: string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#folds) this.#write(text);
    else if (text) say(text);
  }

  #write(text: string): void {
    if (text) this.#output.write(Buffer.from(text));
  }

  #view() {
    return { paint: this.#paint, columns: columnsOf(process.stdout), now: Date.now() };
  }
}
