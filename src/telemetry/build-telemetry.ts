// What a daemon reports about builds: JSON lines for the operator, metrics for Prometheus. The build log is in Redis.
import type { Logger } from 'pino';
import { durationOf, type JobRecord, type RecordFields } from '../job/record.js';
import type { BuildEvent, Screen } from '../runner/events.js';
import type { Metrics } from './metrics.js';

/** Reports about one build. It keeps up with any output, so it never slows the build down. */
export class BuildTelemetry implements Screen {
  readonly #log: Logger;
  readonly #metrics: Metrics;

  constructor({ user, deployment, attempt }: JobRecord, log: Logger, metrics: Metrics) {
    this.#log = log.child({ user, deployment, attempt });
    this.#metrics = metrics;
  }

  ready(): undefined {
    return undefined;
  }

  show(event: BuildEvent): void {
    if (event.type === 'log') this.#metrics.count('koalaci_log_bytes_total', {}, event.data.length);
    else if (event.type === 'started') this.#started(event);
    else if (event.type === 'step_started') this.#log.debug({ step: event.step }, 'step started');
    else if (event.type === 'step_ended') this.#stepEnded(event);
    else if (event.type === 'retried') this.#retried(event);
    else if (event.type === 'audited') this.#audited(event);
    else this.#ended(event);
  }

  #started({ record, warm, reuse }: Extract<BuildEvent, { type: 'started' }>): void {
    this.#log.info({ project: record.project, branch: record.branch, warm, reuse }, 'build started');
    const { createdAt, startedAt = createdAt }: RecordFields = record;
    this.#metrics.observe('koalaci_queue_wait_seconds', {}, startedAt - createdAt);
    if (warm) this.#metrics.count('koalaci_cache_hits_total', { cache: 'snapshot' });
    if (reuse) this.#metrics.count('koalaci_reuse_total', { outcome: reuse });
  }

  #stepEnded({ step, ok, skipped, ms }: Extract<BuildEvent, { type: 'step_ended' }>): void {
    const outcome = skipped ? 'skipped' : ok ? 'ok' : 'failed';
    this.#log.debug({ step, outcome, ms }, 'step ended');
    this.#metrics.observe('koalaci_step_seconds', { step, outcome }, ms);
    if (step === 'install' && skipped) this.#metrics.count('koalaci_cache_hits_total', { cache: 'install' });
  }

  #retried({ cause }: Extract<BuildEvent, { type: 'retried' }>): void {
    const { reason = 'unknown', message } = cause ?? {};
    const how =
      reason === 'runner_lost' ? 'build goes back into its queue' : 'build tried again from nothing';
    this.#log.info({ reason, message }, how);
    this.#metrics.count('koalaci_retries_total', { reason });
  }

  #audited({ finding }: Extract<BuildEvent, { type: 'audited' }>): void {
    this.#log[finding === 'wrong' ? 'warn' : 'info']({ finding }, 'reuse audited');
    this.#metrics.count('koalaci_reuse_audits_total', { finding });
  }

  #ended({ ending, record, recorded }: Extract<BuildEvent, { type: 'ended' }>): void {
    const { status } = ending;
    const why = ending.status === 'READY' ? {} : { reason: ending.reason, message: ending.message };
    const ms = durationOf(record, Date.now());
    this.#log.info({ status, ...why, ms, recorded }, 'build ended');
    this.#metrics.count('koalaci_builds_total', { status, reason: 'reason' in ending ? ending.reason : '' });
    this.#metrics.observe('koalaci_build_seconds', { status }, ms);
  }
}
