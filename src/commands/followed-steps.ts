// Tells what has happened in a build by its record, for who follows it from elsewhere: the same events as the build itself. Pure.
import type { Ending } from '../job/ending.js';
import type { EndedRecord, JobRecord, RecordFields, StepTimes } from '../job/record.js';
import type { Step } from '../job/status.js';
import type { BuildEvent } from '../runner/events.js';

export class FollowedSteps {
  #attempt: string | undefined;
  /** When each step of this try has begun. */
  #begun = new Map<Step, number>();
  #ended = new Set<Step>();

  /** What is new: that the build has begun, and its steps; with `until`, those before that one, and its start. */
  news(record: JobRecord, until?: Step): BuildEvent[] {
    const { attempt, startedAt, steps = [] }: RecordFields = record;
    if (startedAt === undefined) return [];
    const events = this.#attempt === attempt ? this.#retried(steps[0]) : this.#started(record, steps);
    const at = steps.findIndex(({ step }) => step === until);
    // What comes after the step whose log is read is told after that.
    const told = at === -1 ? steps : steps.slice(0, at + 1);
    events.push(...told.flatMap((times) => this.#ofStep(times, times.step === until)));
    if (until && !this.#begun.has(until)) events.push(this.#begin({ step: until, startedAt }));
    return events;
  }

  /** What is left to tell when it has ended. */
  end(record: EndedRecord): BuildEvent[] {
    return [...this.news(record), { type: 'ended', ending: endingOf(record), record, recorded: true }];
  }

  #started(record: JobRecord, steps: StepTimes[]): BuildEvent[] {
    this.#attempt = record.attempt;
    this.#forget();
    const { base }: RecordFields = record;
    const warm = base ? base.warm !== undefined : isWarm(steps);
    return [{ type: 'started', record, warm, ...(base ? { base } : {}) }];
  }

  /** A first step that has begun at another time is that of another try. */
  #retried(first: StepTimes | undefined): BuildEvent[] {
    const before = first && this.#begun.get(first.step);
    if (!first || before === undefined || before === first.startedAt) return [];
    const open = [...this.#begun].filter(([step]) => !this.#ended.has(step));
    this.#forget();
    const failed = open.map(([step, startedAt]) =>
      endOf(step, { ok: false, ms: first.startedAt - startedAt }),
    );
    return [...failed, { type: 'retried' }];
  }

  #forget(): void {
    this.#begun = new Map();
    this.#ended = new Set();
  }

  #ofStep(times: StepTimes, isOpen: boolean): BuildEvent[] {
    const { step, startedAt, endedAt, skipped = false, failed = false, note = '' } = times;
    const events = this.#begun.has(step) ? [] : [this.#begin(times)];
    if (endedAt === undefined || isOpen || this.#ended.has(step)) return events;
    this.#ended.add(step);
    const how = { ok: !failed, ms: endedAt - startedAt, skipped, note };
    return [...events, endOf(step, how)];
  }

  #begin({ step, startedAt, why }: StepTimes): BuildEvent {
    this.#begun.set(step, startedAt);
    return { type: 'step_started', step, ...(why ? { why } : {}) };
  }
}

function endOf(
  step: Step,
  { ok, ms, skipped = false, note = '' }: { ok: boolean; ms: number; skipped?: boolean; note?: string },
): BuildEvent {
  return { type: 'step_ended', step, ok, skipped, ms, note };
}

/** As the step source says it: services of earlier versions say nothing else. */
function isWarm(steps: StepTimes[]): boolean {
  return steps.some(({ step, note }) => step === 'source' && /, warm$/.test(note ?? ''));
}

function endingOf(record: EndedRecord): Ending {
  if (record.status === 'READY') return { status: 'READY' };
  const { status, reason, step, exitCode, message, remedy, fault, extract } = record;
  const known = Object.entries({ step, exitCode, remedy, fault, extract }).filter(
    ([, value]) => value !== undefined,
  );
  return { status, reason, message, ...Object.fromEntries(known) } as Ending;
}
