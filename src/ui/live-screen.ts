// Shows a build on a terminal while it runs: its steps stay, the end of its output is drawn anew. Never on the alternate screen.
import type { BuildFacts } from '../job/build-facts.js';
import type { JobRecord } from '../job/record.js';
import type { BuildEvent } from '../runner/events.js';
import type { BuildScreen } from './build-screen.js';
import { BuildView } from './build-view.js';
import { widthOf } from './cells.js';
import { FRAME_MS } from './draw-step.js';
import { drawEnding, drawFacts } from './draw-summary.js';
import { LiveRegion } from './live-region.js';
import { isOutputColoured, paint } from './paint.js';
import { sayThrough } from './print.js';

const COLUMNS = 80;
const ROWS = 24;

export class LiveScreen implements BuildScreen {
  readonly #stream = process.stderr;
  readonly #region = new LiveRegion(this.#stream, widthOf);
  readonly #view: BuildView;
  readonly #timer: NodeJS.Timeout;
  #silent: Disposable;
  #isClosed = false;
  #isPaused = false;

  constructor({ verbose = false } = {}) {
    this.#view = new BuildView({ paint, colours: isOutputColoured, verbose, now: Date.now });
    this.#silent = this.#listen();
    this.#timer = setInterval(this.#draw, FRAME_MS);
    this.#stream.on('resize', this.#draw);
    this.#draw();
  }

  /** A terminal takes what it is given at once. */
  ready(): undefined {
    return undefined;
  }

  show(event: BuildEvent): void {
    if (this.#isClosed) return;
    this.#resume();
    this.#view.show(event);
    if (event.type !== 'ended') return;
    this.#view.say(drawEnding(event, this.#summaryView()));
    this.close();
  }

  /** What was shown stays, and nothing moves until the next event: something is asked below. */
  pause(): void {
    if (this.#isClosed || this.#isPaused) return;
    this.#isPaused = true;
    this.#silent[Symbol.dispose]();
    this.#region.draw(this.#view.staying(), []);
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#silent = this.#listen();
  }

  #listen(): Disposable {
    return sayThrough((lines) => this.#view.say(lines));
  }

  /** Says what else is known of a build that has ended. */
  add(record: Readonly<JobRecord>, facts: BuildFacts): void {
    const lines = drawFacts(record, facts, this.#summaryView());
    this.#stream.write(lines.map((line) => `${line}\n`).join(''));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#silent[Symbol.dispose]();
    this.#stream.off('resize', this.#draw);
    this.#region.draw(this.#view.staying(), []);
  }

  #summaryView() {
    return { paint, columns: this.#columns, now: Date.now() };
  }

  get #columns(): number {
    return this.#stream.columns || COLUMNS;
  }

  #draw = () => {
    if (this.#isPaused) return;
    const size = { columns: this.#columns, rows: this.#stream.rows || ROWS };
    this.#region.draw(this.#view.staying(), this.#view.region(size));
  };
}
