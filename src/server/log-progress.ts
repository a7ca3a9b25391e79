// Which events of a job's status and steps a follower of its log gets next, in order with the log's lines. Pure.
import type { JobRecord, RecordFields, StepTimes } from '../job/record.js';
import { isFinal } from '../job/status.js';
import type { Chunk } from '../store/log-chunks.js';
import { statusEvent, stepEvent } from './log-events.js';

/**
 * What one follower has been told. A record is written at once, its log in chunks: so what the record says has a place among the
 * lines by its time, and else waits until no more lines can come before it.
 */
export class ProgressEvents {
  readonly #told = new Set<string>();
  #status = '';

  /** The status, if it is another one than was told. A final one is told at the end of the log. */
  status(record: JobRecord): string[] {
    const { attempt, status, waitsFor }: RecordFields = record;
    const now = [attempt, status, waitsFor].join('\n');
    if (isFinal(status) || now === this.#status) return [];
    this.#status = now;
    return [statusEvent(record)];
  }

  /** What happened to the steps before a chunk was written. */
  before({ time, step }: Pick<Chunk, 'time' | 'step'>, record: JobRecord): string[] {
    return this.#tell(record, ({ at, isEnd, times }) =>
      isEnd ? at < time || (at === time && times.step !== step) : at <= time,
    );
  }

  /** All that happened to the steps: no line comes before it any more. */
  rest(record: JobRecord): string[] {
    return this.#tell(record, () => true);
  }

  /** The rest, and the final status. */
  end(record: JobRecord): string[] {
    return [...this.rest(record), statusEvent(record)];
  }

  #tell(record: JobRecord, isDue: (turn: Turn) => boolean): string[] {
    const turns = turnsOf(record);
    const later = turns.findIndex((turn) => !isDue(turn));
    const due = turns
      .slice(0, later === -1 ? turns.length : later)
      .filter((turn) => !this.#told.has(keyOf(record, turn)));
    for (const turn of due) this.#told.add(keyOf(record, turn));
    return due.map(({ times: { endedAt: _, ...begun }, times, isEnd }) => stepEvent(isEnd ? times : begun));
  }
}

/** The begin or the end of a step. */
interface Turn {
  times: StepTimes;
  isEnd: boolean;
  at: number;
}

function turnsOf(record: JobRecord): Turn[] {
  const { steps = [] }: RecordFields = record;
  return steps.flatMap((times) => [
    { times, isEnd: false, at: times.startedAt },
    ...(times.endedAt === undefined ? [] : [{ times, isEnd: true, at: times.endedAt }]),
  ]);
}

/** An attempt may do its steps once more from nothing. */
function keyOf({ attempt }: JobRecord, { times, isEnd }: Turn): string {
  return [attempt, times.step, times.startedAt, isEnd].join('\n');
}
