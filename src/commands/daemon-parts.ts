// What runs in a daemon beside HTTP: builds, callbacks, and reconciling.
import type { Redis } from 'ioredis';
import { keepPruned } from '../archives/keep-pruned.js';
import { removeStored } from '../archives/remove-stored.js';
import { Callbacks } from '../callbacks/callbacks.js';
import { snakeCase } from '../job/public-json.js';
import type { JobsQueue } from '../queue/jobs-queue.js';
import { keepReconciled, type ReconcileOptions, reapMachine, reconcileRecords } from '../queue/reconcile.js';
import { BuildWorker } from '../queue/worker.js';
import { removePartials } from '../runner/partials.js';
import { QUEUED_BUILD_PATIENCE_MS } from '../settings/timing.js';
import { BuildTelemetry } from '../telemetry/build-telemetry.js';
import { buildSettings, targetSettings } from './build-settings.js';
import type { DaemonPlan } from './daemon-plan.js';

/** Starts to build queued jobs; undefined if this daemon builds nothing. */
export async function startWorker(
  plan: DaemonPlan,
  redis: Redis,
  queue: JobsQueue,
): Promise<BuildWorker | undefined> {
  const { session, concurrency, userConcurrency, log, metrics, secret, artifacts } = plan;
  if (concurrency === 0) return undefined;
  await cleanUp(redis, plan);
  return new BuildWorker({
    redis,
    queue,
    concurrency,
    userConcurrency,
    log,
    context: {
      settings: {
        ...{ redis, artifacts, ...buildSettings(session), targets: targetSettings(session) },
        patienceMs: QUEUED_BUILD_PATIENCE_MS,
        hidesPlaces: true,
      },
      sandboxDefaults: plan.sandboxDefaults,
      secret,
      allowLocal: session.settings.allowLocalSources,
      watch: (record) => {
        const telemetry = new BuildTelemetry(record, log, metrics);
        return plan.tracing?.traced(telemetry, { isQueued: true }) ?? telemetry;
      },
    },
  });
}

/** Starts to send callbacks; undefined without a secret to sign them with. */
export function startCallbacks({ session, ...plan }: DaemonPlan, redis: Redis): Callbacks | undefined {
  const { callbackSecret, callbackAllowPrivate } = session.settings;
  if (callbackSecret === undefined) return undefined;
  const { secret, log, metrics } = plan;
  return new Callbacks({
    ...{ redis, secret, log },
    signingSecret: callbackSecret,
    allowPrivate: callbackAllowPrivate,
    publicUrl: session.settings.publicUrl,
    onOutcome: (outcome) =>
      outcome === 'given_up'
        ? metrics.count('koalaci_callbacks_given_up_total')
        : metrics.count('koalaci_callbacks_total', { outcome }),
  });
}

/** Starts to reconcile, until `stop` is called. */
export function startReconciling(
  redis: Redis,
  options: Omit<ReconcileOptions, 'signal'>,
): { stop: () => Promise<void> } {
  const over = new AbortController();
  const reconciling = keepReconciled(redis, { ...options, signal: over.signal });
  return {
    stop() {
      over.abort();
      return reconciling;
    },
  };
}

/** Starts to remove old artifacts, until `stop` is called. */
export function startPruning(redis: Redis, plan: DaemonPlan): { stop: () => Promise<void> } {
  const { artifacts, log, metrics, session, sandboxDefaults } = plan;
  const over = new AbortController();
  const pruning = keepPruned(redis, {
    ...{ artifacts, log, signal: over.signal },
    installation: sandboxDefaults.installation,
    settings: session.settings,
    onPruned: ({ pruned, bytes, objects }) => {
      for (const { rule } of pruned)
        metrics.count('koalaci_artifacts_removed_total', { rule: snakeCase(rule) });
      metrics.count('koalaci_artifacts_removed_bytes_total', {}, bytes);
      metrics.count('koalaci_objects_removed_total', {}, objects.objects);
      metrics.count('koalaci_objects_removed_bytes_total', {}, objects.bytes);
      const archives = pruned.map(({ archive }) => archive);
      void removeStored(targetSettings(session).open, archives).then((failure) => {
        if (failure !== undefined) log.warn({ err: failure }, 'not all copies of artifacts could be removed');
      });
    },
  });
  return {
    stop() {
      over.abort();
      return pruning;
    },
  };
}

/** Removes what dead workers left on this machine. Until then their containers run beside our builds, over the limit. */
async function cleanUp(redis: Redis, { log, sandboxDefaults, artifacts }: DaemonPlan): Promise<void> {
  const onError = (error: unknown) => log.warn({ err: error }, 'reap');
  const { installation: containersOf } = sandboxDefaults;
  await reapMachine(redis, { containersOf, artifacts }, onError).catch(onError);
  await removePartials(artifacts).catch(onError);
  await reconcileRecords(redis).catch(onError);
}
