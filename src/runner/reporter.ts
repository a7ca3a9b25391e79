// Reports one build as it happens: turns its output and events into the record, the stored log and the screen.

import { describeEnding } from '../job/ending.js';
import type { Payload } from '../job/payload.js';
import { showFiles } from '../job/quantity.js';
import type { ArtifactInfo, JobRecord, StepTimes } from '../job/record.js';
import { secretsOf } from '../job/rules.js';
import type { Ending, Step } from '../job/status.js';
import type { Verdict } from '../job/verdict.js';
import type { ControlEvent, StepEnded } from '../sandbox/control.js';
import type { Recorder } from '../store/recorder.js';
import type { Screen } from './events.js';
import { explain } from './explain.js';
import { Masker, secretValues } from './mask.js';

/** Of a payload: what must not be seen. */
export type Secrets = Pick<Payload, 'env' | 'project_repo_url'>;

/** Enough of a step's last output for the reason of a failure to be in it. */
const TAIL_BYTES = 16 * 1024;

interface StepEnd {
  ok: boolean;
  skipped?: boolean | undefined;
  note?: string | undefined;
}

export class BuildReporter {
  readonly #recorder: Recorder;
  readonly #screen: Screen;
  readonly #verdict: Verdict;
  readonly #mask: Masker;
  readonly #steps: StepTimes[] = [];
  #step: Step | undefined;
  #tail = '';
  #commitTime = 0;

  constructor(recorder: Recorder, screen: Screen, verdict: Verdict, secrets: Secrets) {
    this.#recorder = recorder;
    this.#screen = screen;
    this.#verdict = verdict;
    this.#mask = new Masker(
      secretValues([...Object.values(secrets.env ?? {}), ...secretsOf(secrets.project_repo_url)]),
    );
  }

  get record(): Readonly<JobRecord> {
    return this.#recorder.record;
  }

  /** The step that runs now. */
  get step(): Step | undefined {
    return this.#step;
  }

  /** Of the commit that is built, in seconds since 1970. */
  get commitTime(): number {
    return this.#commitTime;
  }

  screenReady(): Promise<void> | undefined {
    return this.#screen.ready();
  }

  /** Output of the build. */
  output(data: Buffer): void {
    this.#log(this.#mask.push(data));
  }

  /** A line of our own in the log. */
  say(line: string): void {
    this.#log(this.#mask.text(`koalaci: ${line}\n`));
  }

  /** A control event, in its place between the output. */
  event(event: ControlEvent): void {
    this.#log(this.#mask.flush());
    if (event.event === 'step_started') this.#begin(event.step);
    else if (event.event === 'step_ended') this.#stepEnded(event);
  }

  /** The artifact is in its place. */
  shipped(artifact: ArtifactInfo): void {
    this.#endStep({ ok: true, note: showFiles(artifact.files) });
    this.#recorder.update({ artifact, steps: this.#steps });
  }

  /** Whether the job is still this attempt's. */
  isOurs(): Promise<boolean> {
    return this.#recorder.isOurs();
  }

  /**
   * The job goes back to its queue instead of ending. Returns the ending when a cancel came before; undefined when it is
   * queued again.
   */
  async requeue(): Promise<Ending | undefined> {
    this.#log(this.#mask.flush());
    this.say('the runner stops: the job goes back into the queue');
    const answer = await this.#recorder.requeue();
    if (typeof answer !== 'object') return undefined;
    return this.end({ status: 'CANCELED', reason: 'canceled', message: answer.canceled });
  }

  /** The last words: why it ended goes into the log, the ending into the record. */
  async end(decided: Ending): Promise<Ending> {
    this.#log(this.#mask.flush());
    const ending = this.#located(decided);
    this.#endStep({ ok: false });
    for (const line of describeEnding(ending))
      this.#recorder.log(this.#step ?? '', this.#mask.text(`koalaci: ${line}\n`));
    const recorded = await this.#recorder.finish({ ...ending, endedAt: Date.now(), steps: this.#steps });
    this.#screen.show({ type: 'ended', ending, record: this.record, recorded });
    return ending;
  }

  /** Who cancels or loses a build does not know in which step it is. */
  #located(ending: Ending): Ending {
    if (ending.status === 'READY' || ending.step || !this.#step) return ending;
    return { ...ending, step: this.#step };
  }

  #log(data: Buffer): void {
    if (data.length === 0) return;
    this.#tail = (this.#tail + data.subarray(-TAIL_BYTES).toString()).slice(-TAIL_BYTES);
    this.#recorder.log(this.#step ?? '', data);
    this.#screen.show({ type: 'log', step: this.#step ?? '', data });
  }

  #begin(step: Step): void {
    this.#step = step;
    this.#tail = '';
    this.#steps.push({ step, startedAt: Date.now() });
    this.#recorder.update({ step, steps: this.#steps });
    this.#screen.show({ type: 'step_started', step });
  }

  #stepEnded(event: StepEnded): void {
    const { commit, commit_time, node, manager, manager_version, note } = event.facts;
    this.#commitTime = Number(commit_time ?? this.#commitTime);
    this.#endStep({ ok: event.ok, skipped: event.skipped, note });
    this.#recorder.update({
      steps: this.#steps,
      ...(commit ? { commit } : {}),
      ...(node ? { node } : {}),
      ...(manager ? { manager: [manager, manager_version].filter(Boolean).join(' ') } : {}),
    });
    if (!event.ok) this.#fail(event);
  }

  /** Ends the step that runs, if one does. */
  #endStep({ ok, skipped = false, note = '' }: StepEnd): void {
    const times = this.#steps.at(-1);
    if (!this.#step || !times) return;
    times.endedAt = Date.now();
    if (skipped) times.skipped = true;
    const ms = times.endedAt - times.startedAt;
    this.#screen.show({ type: 'step_ended', step: this.#step, ok, skipped, ms, note });
    this.#step = undefined;
  }

  /** A failure that the entrypoint reports: its reason is the entrypoint's, the words may be clearer than its own. */
  #fail({ step, reason, exit_code, message, remedy }: StepEnded): void {
    const known = message ? undefined : explain(step, this.#tail);
    const code = exit_code === undefined ? {} : { exitCode: exit_code };
    this.#verdict.decide({
      reason: reason ?? 'internal',
      step,
      ...code,
      message:
        message ?? known?.message ?? `${step === 'build' ? 'the build command' : `the ${step} step`} failed`,
      remedy: remedy ?? known?.remedy ?? 'The lines above say why.',
    });
  }
}
