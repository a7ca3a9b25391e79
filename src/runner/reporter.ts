// Reports one build while it runs: writes its output and events into the record and the log, and onto the screen.
import { type Cause, describeEnding, type Ending, endingOf } from '../job/ending.js';
import { withoutPlaces } from '../job/places.js';
import { visible } from '../job/printable.js';
import { showFiles } from '../job/quantity.js';
import type { ArtifactInfo, JobRecord, Progress, RecordFields, StepTimes } from '../job/record.js';
import type { Step } from '../job/status.js';
import type { Verdict } from '../job/verdict.js';
import type { ControlEvent, StepEnded } from '../sandbox/control.js';
import type { Masker } from '../secrets/mask.js';
import type { Recorder } from '../store/recorder.js';
import type { ReuseEntry } from '../store/reuse.js';
import type { Screen } from './events.js';
import { omission } from './explanations/omission.js';
import { maskOf, type Secrets } from './job-secrets.js';
import { maskedWords } from './masked-words.js';
import { causeIn, foundIn, withLastWords } from './step-ended.js';
import { Tail } from './tail.js';

/** How much of a step's last output explain() gets. */
const TAIL_BYTES = 64 * 1024;
/** How much of it decides about a second try. */
const LATEST_BYTES = 16 * 1024;
const NEWLINE = Buffer.from('\n');

interface StepEnd {
  ok: boolean;
  skipped?: boolean | undefined;
  note?: string | undefined;
}

export class BuildReporter {
  readonly #recorder: Recorder;
  readonly #screen: Screen;
  readonly #verdict: Pick<Verdict, 'publish'>;
  readonly #mask: Masker;
  #steps: StepTimes[] = [];
  #step: Step | undefined;
  readonly #tail = new Tail(TAIL_BYTES);
  /** Whether the last line of the output has its end. */
  #atLineStart = true;
  #commitTime = 0;
  /** The variable of the job that has devDependencies left out. */
  readonly #omits: string | undefined;
  readonly #hidesPlaces: boolean;
  #defaultBranch: string | undefined;
  #reads: string | undefined;
  /** What is new since the build that this one starts from, in words. */
  #changed: string | undefined;

  constructor(recorder: Recorder, screen: Screen, secrets: Secrets, verdict: Pick<Verdict, 'publish'>) {
    [this.#recorder, this.#screen, this.#verdict] = [recorder, screen, verdict];
    this.#omits = omission(secrets.env);
    this.#hidesPlaces = secrets.places ?? false;
    this.#mask = maskOf(secrets);
  }

  get record(): Readonly<JobRecord> {
    return this.#recorder.record;
  }

  /** The current step. */
  get step(): Step | undefined {
    return this.#step;
  }

  /** The last output of the current step, or of the one that ended last. */
  get stepOutput(): string {
    return this.#tail.text(LATEST_BYTES);
  }

  /** The commit's time, in seconds since 1970. */
  get commitTime(): number {
    return this.#commitTime;
  }

  /** The branch that the remote's HEAD names; undefined if it did not say. */
  get defaultBranch(): string | undefined {
    return this.#defaultBranch;
  }

  /** What the build has looked at, as reuse-watch.sh reports it. */
  get reads(): string | undefined {
    return this.#reads;
  }

  screenReady(): Promise<void> | undefined {
    return this.#screen.ready();
  }

  /** Logs output of the build at once, but for what may be the beginning of a secret. */
  output(data: Buffer): void {
    this.#log(this.#mask.push(data));
  }

  /** Logs a line that koalaci itself writes. */
  say(line: string): void {
    this.#endLine();
    this.#log(Buffer.from(`koalaci: ${visible(this.#mask.text(line))}\n`), true);
  }

  /** Handles a control event, in order with the output. Returns a cause when the build must fail. */
  event(event: ControlEvent): Cause | undefined {
    this.#endOutput();
    if (event.event === 'step_started') this.#begin(event.step);
    return event.event === 'step_ended' ? this.#stepEnded(event) : undefined;
  }

  /** Reports that the build begins once more from nothing, and why. The record gets the steps of the new try. */
  retry(cause: Cause, notice: string): void {
    this.#endOutput();
    this.#endStep({ ok: false });
    this.say(notice);
    this.#steps = [];
    this.#changed = undefined;
    this.#recorder.update({ steps: this.#steps, base: { cold: 'it was built once more, from nothing' } });
    this.#screen.show({ type: 'retried', cause: this.#masked(cause) });
  }

  /** Reports that the job gets the artifact of an earlier build. */
  reused({ deployment, node, manager, refusedScripts }: ReuseEntry, commit: string): void {
    const found = Object.fromEntries(
      Object.entries({ node, manager, refusedScripts }).filter(([, value]) => value !== undefined),
    );
    this.#recorder.update({ ...found, commit, reusedFrom: deployment });
    this.#begin('artifact');
  }

  /** Reports that the artifact is published. */
  shipped(artifact: ArtifactInfo): void {
    this.#endStep({ ok: true, note: showFiles(artifact.files) });
    this.#recorder.update({ artifact, steps: this.#steps });
  }

  /** Notes what is known of the deployment. */
  note(facts: Pick<Progress, 'base' | 'environment' | 'lessTrust'>): void {
    this.#recorder.update(facts);
  }

  /** Reports that the artifact is about to be uploaded. */
  uploading(): void {
    this.#begin('upload');
  }

  /** Reports that it was, and is served from where it may be. */
  uploaded(note: string): void {
    this.#endStep({ ok: true, note });
    this.#recorder.update({ steps: this.#steps });
  }

  /** Whether this attempt still holds the job, and nothing has ended the build. If so, neither a limit nor a cancel ends it now. */
  async mayPublish(): Promise<boolean> {
    return (await this.#recorder.isOurs()) && this.#verdict.publish();
  }

  /**
   * Puts the job back into its queue and returns undefined. If the job was canceled before, ends it and returns the ending; so it
   * does if the job has `lost` its container, and is in no queue or was lost before.
   */
  async requeue(lost?: Cause): Promise<Ending | undefined> {
    this.#endOutput();
    if (lost) this.#endStep({ ok: false });
    else this.say('the runner is stopping: the job goes back into the queue');
    const answer = await this.#recorder.requeue({ isLost: lost !== undefined });
    if (typeof answer === 'object')
      return this.end({ status: 'CANCELED', reason: 'canceled', message: answer.canceled });
    if (lost && answer !== 'ok') return this.end(endingOf(lost));
    if (lost) this.#screen.show({ type: 'retried', cause: this.#masked(lost) });
    return undefined;
  }

  /** Ends the build: writes the reason into the log and the ending into the record. */
  async end(decided: Ending): Promise<Ending> {
    this.#endOutput();
    const located = withLastWords(this.#located(decided), this.#tail.text());
    const ending = located.status === 'READY' ? located : this.#masked(located);
    const told = this.#hidesPlaces ? withoutPlaces(ending) : ending;
    this.#endStep({ ok: false });
    for (const line of describeEnding(told, this.record.deployment))
      this.#recorder.log(this.#step ?? '', Buffer.from(`koalaci: ${visible(line)}\n`), { own: true });
    const recorded = await this.#recorder.finish({ ...told, endedAt: Date.now(), steps: this.#steps });
    this.#screen.show({ type: 'ended', ending, record: this.record, recorded });
    return ending;
  }

  /** Adds the current step to an ending without one, such as a cancel or a lost job. */
  #located(ending: Ending): Ending {
    if (ending.status === 'READY' || ending.step || !this.#step) return ending;
    return { ...ending, step: this.#step };
  }

  #masked<Why extends Pick<Cause, 'message' | 'remedy' | 'extract'>>(why: Why): Why {
    return maskedWords(why, this.#mask);
  }

  /** The output so far is all of its step: nothing is held back any more, and what follows begins a line. */
  #endOutput(): void {
    this.#log(this.#mask.flush());
    this.#endLine();
  }

  #endLine(): void {
    if (!this.#atLineStart) this.#log(NEWLINE);
  }

  #log(data: Buffer, own = false): void {
    if (data.length === 0) return;
    this.#atLineStart = data.at(-1) === NEWLINE[0];
    this.#tail.push(data);
    this.#recorder.log(this.#step ?? '', data, { own });
    this.#screen.show({ type: 'log', step: this.#step ?? '', data, ...(own ? { own } : {}) });
  }

  #begin(step: Step): void {
    this.#step = step;
    this.#tail.clear();
    const why = step === 'build' && this.#changed ? { why: this.#changed } : {};
    this.#steps.push({ step, startedAt: Date.now(), ...why });
    this.#recorder.update({ step, steps: this.#steps });
    this.#screen.show({ type: 'step_started', step, ...why });
  }

  #stepEnded(event: StepEnded): Cause | undefined {
    const { commit_time, default_branch, reads, changed, note } = event.facts;
    this.#changed = changed ? this.#mask.text(changed) : this.#changed;
    this.#reads = reads ?? this.#reads;
    this.#defaultBranch = default_branch ?? this.#defaultBranch;
    this.#commitTime = Number(commit_time ?? this.#commitTime);
    // A step that finds out that there is nothing to build has not failed.
    this.#endStep({ ok: event.ok || event.reason === 'skipped', skipped: event.skipped, note });
    this.#recorder.update({ steps: this.#steps, ...foundIn(event) });
    if (event.ok) return undefined;
    const { manager, refusedScripts: refused }: RecordFields = this.record;
    return causeIn(event, { output: this.#tail.text(), omits: this.#omits, manager, refused });
  }

  /** Ends the current step, if there is one. */
  #endStep({ ok, skipped = false, note = '' }: StepEnd): void {
    const times = this.#steps.at(-1);
    if (!this.#step || !times) return;
    times.endedAt = Date.now();
    if (skipped) times.skipped = true;
    if (!ok) times.failed = true;
    if (note) times.note = this.#mask.text(note);
    const ended = { step: times.step, ms: times.endedAt - times.startedAt };
    this.#screen.show({ type: 'step_ended', ...ended, ok, skipped, note });
    this.#step = undefined;
  }
}
