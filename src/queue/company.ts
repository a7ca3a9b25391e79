// Which jobs a worker builds at the same time. One whose runners died again and again is built alone: then it is known whether
// it is what they die of, and no other job suffers. Pure, but for the clock that is given.
import type { JobId } from '../job/identity.js';
import { LATER_RETRY_MS } from '../settings/timing.js';

/** After as many losses in company a job is built alone. More than one, as machines are rebooted too. */
export const LOSSES_UNTIL_ALONE = 2;
/** How long others let a job pass that is to be alone: it asks again in half that time. */
const RESERVED_MS = 2 * LATER_RETRY_MS;

export class Company {
  readonly #present = new Set<JobId>();
  #isAlone = false;
  #reservedUntil = 0;

  /** The jobs that are built now. */
  get present(): ReadonlySet<JobId> {
    return this.#present;
  }

  /** Whether a job may begin now. One that is to be alone keeps others from beginning, until it can. */
  enter(job: JobId, { alone, now }: { alone: boolean; now: number }): boolean {
    const isFree = this.#present.size === 0;
    if (alone && !isFree) this.#reservedUntil = now + RESERVED_MS;
    if (this.#isAlone || (alone ? !isFree : now < this.#reservedUntil)) return false;
    if (alone) this.#reservedUntil = 0;
    this.#isAlone = alone;
    this.#present.add(job);
    return true;
  }

  leave(job: JobId): void {
    this.#present.delete(job);
    this.#isAlone = false;
  }
}
