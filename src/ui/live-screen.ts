// Shows a build while it runs: the unchanged log on stdout, the steps and the ending on stderr.
import type { Ora } from 'ora';
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import { durationOf, type JobRecord } from '../job/record.js';
import type { BuildEvent, Screen } from '../runner/events.js';
import { Output } from './output.js';
import { isScreen, paint } from './paint.js';
import { say } from './print.js';
import { fileOf } from './records.js';

const NEWLINE = 0x0a;
/** After this long without output the spinner comes back below the log. */
const QUIET_MS = 300;

export class LiveScreen implements Screen {
  readonly #output = new Output(process.stdout);
  #spinner: Ora | undefined;
  #back: NodeJS.Timeout | undefined;

  /** Opens a screen. On a terminal it gets a spinner, whose module is loaded only then. */
  static async open(): Promise<LiveScreen> {
    const screen = new LiveScreen();
    if (isScreen) {
      const { default: ora } = await import('ora');
      screen.#spinner = ora({ stream: process.stderr, discardStdin: false, hideCursor: false });
    }
    return screen;
  }

  ready(): Promise<void> | undefined {
    return this.#output.ready();
  }

  show(event: BuildEvent): void {
    switch (event.type) {
      case 'started':
        this.#say(
          `${paint.bold('koalaci')} builds ${paint.bold(event.record.deployment)} (${visible(where(event.record))})`,
        );
        break;
      case 'step_started':
        this.#begin(event.step);
        break;
      case 'log':
        this.#log(event.data);
        break;
      case 'step_ended':
        this.#say(stepLine(event));
        break;
      case 'retried':
        this.#say(`${paint.bold('koalaci')} builds it once more, from nothing`);
        break;
      case 'ended':
        this.#end(event);
    }
  }

  #begin(step: string): void {
    if (this.#spinner) this.#spinner.start(step);
    else this.#say(paint.dim(`  ${step} …`));
  }

  #log(data: Buffer): void {
    if (this.#spinner?.isSpinning) this.#spinner.stop();
    this.#output.write(data);
    clearTimeout(this.#back);
    // The spinner would overwrite an unfinished line.
    if (!this.#spinner || data.at(-1) !== NEWLINE) return;
    this.#back = setTimeout(() => this.#spinner?.start(), QUIET_MS).unref();
  }

  #end({ ending, record, recorded }: Extract<BuildEvent, { type: 'ended' }>): void {
    if (record.status === 'READY')
      this.#say(`${paint.green('READY')} in ${showDuration(durationOf(record, Date.now()))}`);
    const colour = 'reason' in ending && ending.reason === 'skipped' ? paint.yellow : paint.red;
    for (const [index, line] of describeEnding(ending).entries())
      this.#say(index === 0 ? colour(visible(line)) : `  ${visible(line)}`);
    if (record.status === 'READY') {
      const { files, bytes } = record.artifact;
      this.#say(
        `  artifact ${visible(fileOf(record.artifact))} (${showFiles(files)}, ${showBytes(bytes)} unpacked)`,
      );
    }
    if (!recorded) {
      this.#say(paint.yellow('koalaci: Redis went away and did not come back: this build is not recorded'));
      this.#say('  Its output is above; "koalaci logs" and "koalaci status" cannot show how it ended.');
    }
  }

  #say(line: string): void {
    clearTimeout(this.#back);
    if (this.#spinner?.isSpinning) this.#spinner.stop();
    this.#output.plain();
    say(`${line}\n`);
  }
}

function stepLine({ step, ok, skipped, ms, note }: Extract<BuildEvent, { type: 'step_ended' }>): string {
  const mark = ok ? paint.green('✔') : paint.red('✖');
  const time = skipped ? 'skipped' : showDuration(ms);
  return `${skipped ? paint.dim('–') : mark} ${step.padEnd(9)} ${time.padStart(8)}${note ? `  ${paint.dim(visible(note))}` : ''}`;
}

function where({ project, branch }: Readonly<JobRecord>): string {
  return `${project}, ${branch}`;
}
