// Reads what a container says that looks at a repository: the answer, or why there is none.
import type { Detection } from '../detection/detect.js';
import { DetectionAnswer } from '../detection/detection-answer.js';
import { type GitCredential, secretsIn } from '../job/credentials.js';
import type { Cause, Reason } from '../job/ending.js';
import { type ErrorKind, KoalaError } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import { visible } from '../job/printable.js';
import { showDuration } from '../job/quantity.js';
import { secretsOf, withoutCredentials } from '../job/rules.js';
import type { Verdict } from '../job/verdict.js';
import type { ControlEvent, StepEnded } from '../sandbox/control.js';
import { Masker, secretValues } from '../secrets/mask.js';

export interface Reading {
  /** What must not be shown, beside what the address has. */
  secrets: { credentials: readonly GitCredential[]; operator: string[] };
  verdict: Verdict;
  limits: Limits;
  /** Hears of host keys of ssh that it met first, as lines of known_hosts. */
  onHostKeys: (keys: string) => void;
}

/** Longer answers are of no project. */
const MOST_BYTES = 16 * 1024 ** 2;
/** How much of what git said last is told, where the step has no words of its own. */
const TAIL_BYTES = 4096;
const TOLD_LINES = 3;
/** Causes that are not the repository's. */
const KINDS: Partial<Record<Reason, ErrorKind>> = { runner_lost: 'environment', internal: 'internal' };
const BY_HAND = 'Set project_build_command and project_dist_directory of its jobs yourself.';

export class DetectionReader {
  readonly #url: string;
  readonly #reading: Reading;
  readonly #answer: Buffer[] = [];
  #bytes = 0;
  #said = Buffer.alloc(0);
  #isWhole = false;

  constructor(url: string, reading: Reading) {
    this.#url = url;
    this.#reading = reading;
  }

  /** Takes what git and koalaci say of the fetch. */
  log(data: Buffer): void {
    this.#said = Buffer.concat([this.#said, data]).subarray(-TAIL_BYTES);
  }

  /** Takes data of the answer. */
  answered(data: Buffer): void {
    this.#bytes += data.length;
    if (this.#bytes <= MOST_BYTES) this.#answer.push(data);
    else this.#decide({ reason: 'source_failed', message: 'it has too many packages', remedy: BY_HAND });
  }

  event(event: ControlEvent): void {
    if (event.event === 'finished') this.#isWhole = true;
    if (event.event !== 'step_ended') return;
    if (event.facts.host_keys) this.#reading.onHostKeys(event.facts.host_keys);
    if (!event.ok) this.#decide(causeOf(event));
  }

  /**
   * What the project is.
   * @throws KoalaError that says why it is not known
   */
  answer(): Detection {
    const { cause } = this.#reading.verdict;
    if (cause) throw this.#error(cause);
    if (!this.#isWhole) throw this.#error({ reason: 'runner_lost', message: 'its container has ended' });
    return DetectionAnswer.parse(JSON.parse(Buffer.concat(this.#answer).toString()));
  }

  #decide(cause: Cause): void {
    this.#reading.verdict.decide(cause);
  }

  #error(cause: Cause): KoalaError {
    const { secrets } = this.#reading;
    const values = [...secretsOf(this.#url), ...secretsIn(secrets.credentials), ...secrets.operator];
    const mask = new Masker(secretValues(values));
    const { message, remedy } = this.#words(cause);
    return new KoalaError(KINDS[cause.reason] ?? 'source_failed', mask.text(message), {
      ...(remedy === undefined ? {} : { remedy: mask.text(remedy) }),
    });
  }

  /** What is in the words of a build is said of a repository. */
  #words({ reason, message, remedy }: Cause): Pick<Cause, 'message' | 'remedy'> {
    const what = withoutCredentials(this.#url);
    const { time } = this.#reading.limits;
    if (reason === 'timed_out' || reason === 'silent')
      return { message: `looking at ${what} took longer than ${showDuration(time)}`, remedy: BY_HAND };
    if (reason !== 'source_failed') return { message: `${what}: ${message}`, remedy: BY_HAND };
    if (remedy !== undefined) return { message, remedy };
    return { message: `${message || `${what} cannot be fetched`}${this.#lastWords()}` };
  }

  /** Of git's words, for which no line stands above the error. */
  #lastWords(): string {
    const lines = this.#said.toString().split('\n');
    const told = lines.filter((line) => line.trim() !== '' && !line.startsWith('koalaci: '));
    return told.length === 0 ? '' : `: ${told.slice(-TOLD_LINES).map(visible).join('; ')}`;
  }
}

/** The cause in a step that failed. */
function causeOf({ reason = 'internal', message = '', remedy }: StepEnded): Cause {
  return { reason, message, ...(remedy === undefined ? {} : { remedy }) };
}
