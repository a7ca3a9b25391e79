// Makes a trace of a build: a span of the job, and one of each of its steps, while another screen shows it.
import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Cause } from '../../job/ending.js';
import type { RecordFields } from '../../job/record.js';
import type { BuildEvent, Screen } from '../../runner/events.js';
import { causeAttributes, foundAttributes, jobAttributes, stepAttributes } from './attributes.js';

export interface Traced {
  tracer: Tracer;
  /** What the trace is a part of. */
  parent: Context;
  /** Whether the job has waited in the queue: that is a span, too. */
  isQueued: boolean;
}

type Told<Type extends BuildEvent['type']> = Extract<BuildEvent, { type: Type }>;

export class TracedScreen implements Screen {
  readonly #screen: Screen;
  readonly #traced: Traced;
  #job: { span: Span; context: Context; attempt: string } | undefined;
  #step: Span | undefined;
  /** A step that failed: what ends the build says why. */
  #failed: { span: Span; endedAt: Date } | undefined;
  #steps = 0;

  constructor(screen: Screen, traced: Traced) {
    this.#screen = screen;
    this.#traced = traced;
  }

  show(event: BuildEvent): void {
    this.#screen.show(event);
    if (event.type === 'started') this.#started(event);
    else if (event.type === 'step_started') this.#stepStarted(event);
    else if (event.type === 'step_ended') this.#stepEnded(event);
    else if (event.type === 'retried') this.#retried(event);
    else if (event.type === 'ended') this.#ended(event);
  }

  ready(): Promise<void> | undefined {
    return this.#screen.ready();
  }

  close(): void {
    this.#screen.close?.();
  }

  pause(): void {
    this.#screen.pause?.();
  }

  #started({ record, warm, reuse }: Told<'started'>): void {
    const { tracer, parent, isQueued } = this.#traced;
    const { createdAt, startedAt = createdAt }: RecordFields = record;
    // As dates: the SDK takes a number from before this process began for one of its own clock.
    const startTime = new Date(createdAt);
    const attributes = jobAttributes(record, { warm, reuse });
    const span = tracer.startSpan('BUILD', { kind: SpanKind.SERVER, startTime, attributes }, parent);
    this.#job = { span, context: trace.setSpan(parent, span), attempt: record.attempt };
    if (isQueued) tracer.startSpan('queue', { startTime }, this.#job.context).end(new Date(startedAt));
  }

  #stepStarted({ step }: Told<'step_started'>): void {
    if (!this.#job) return;
    const { context, attempt } = this.#job;
    this.#steps++;
    const attributes = stepAttributes(step, `${attempt}/${this.#steps}`);
    this.#step = this.#traced.tracer.startSpan(step, { attributes }, context);
  }

  #stepEnded({ ok, skipped }: Told<'step_ended'>): void {
    const span = this.#step;
    this.#step = undefined;
    if (!span) return;
    if (!ok) {
      this.#failed = { span, endedAt: new Date() };
      return;
    }
    span.setAttribute('cicd.pipeline.task.run.result', skipped ? 'skip' : 'success').end();
  }

  /** The build begins once more: here, or after another time in the queue, where this trace ends. */
  #retried({ cause }: Told<'retried'>): void {
    this.#endFailed(cause);
    if (cause?.reason === 'runner_lost') this.#endJob(cause);
    else this.#job?.span.addEvent('retried', cause ? { 'error.type': cause.reason } : {});
  }

  #ended({ ending, record }: Told<'ended'>): void {
    const cause = ending.status === 'READY' ? undefined : ending;
    this.#endFailed(cause);
    this.#job?.span.setAttributes(foundAttributes(record));
    this.#endJob(cause);
  }

  #endFailed(cause: Cause | undefined): void {
    if (!this.#failed) return;
    const { span, endedAt } = this.#failed;
    this.#failed = undefined;
    endSpan(span, 'cicd.pipeline.task.run.result', cause, endedAt);
  }

  #endJob(cause: Cause | undefined): void {
    if (this.#job) endSpan(this.#job.span, 'cicd.pipeline.result', cause);
    this.#job = undefined;
  }
}

/** Says of a span how it ended. What a user wanted is no error. */
function endSpan(span: Span, result: string, cause: Cause | undefined, endedAt?: Date): void {
  const { outcome, isError, attributes } = causeAttributes(cause);
  span.setAttributes({ [result]: outcome, ...attributes });
  if (isError) span.setStatus({ code: SpanStatusCode.ERROR, message: cause?.message ?? '' });
  span.end(endedAt);
}
