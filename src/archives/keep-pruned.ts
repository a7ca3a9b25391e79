// Prunes now and then, in a daemon: one process of all that share a data directory does it for an hour.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { InstallationId } from '../job/identity.js';
import { showBytes } from '../job/quantity.js';
import { PRUNE_NOTICE_MS, PRUNE_TURN_MS, RECONCILE_MS } from '../settings/timing.js';
import { pruneKey } from '../store/keys.js';
import { takeTurn } from '../store/turns.js';
import { type PruneOutcome, prune } from './prune.js';
import { type RetentionSettings, rulesAt } from './rules.js';

export interface KeepPrunedOptions {
  artifacts: ArtifactDirectory;
  installation: InstallationId;
  settings: RetentionSettings;
  signal: AbortSignal;
  log: Logger;
  /** Hears of every prune that removed something. */
  onPruned: (outcome: PruneOutcome) => void;
}

/** Prunes again and again until the signal aborts. */
export async function keepPruned(redis: Redis, options: KeepPrunedOptions): Promise<void> {
  const { installation, signal, log } = options;
  for (;;) {
    await delay(RECONCILE_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    if (!(await takeTurn(redis, pruneKey(installation), PRUNE_TURN_MS).catch(() => false))) continue;
    // What fails is tried again in the next turn.
    await pruneOnce(redis, options).catch((error: unknown) => log.warn({ err: error }, 'prune'));
  }
}

async function pruneOnce(
  redis: Redis,
  { artifacts, settings, log, onPruned }: KeepPrunedOptions,
): Promise<void> {
  const rules = await rulesAt(artifacts.directory, settings);
  const outcome = await prune(redis, { artifacts, rules, dryRun: false, noticeMs: PRUNE_NOTICE_MS });
  const { pruned, bytes, objects, isReport, failure } = outcome;
  if (failure !== undefined) log.warn({ err: failure }, 'some artifacts cannot be removed');
  if (objects.objects > 0 && !isReport)
    log.info({ ...objects, size: showBytes(objects.bytes) }, 'objects removed');
  if (pruned.length === 0) return isReport ? undefined : onPruned(outcome);
  const facts = { artifacts: pruned.length, bytes, size: showBytes(bytes) };
  if (isReport)
    return log.warn(
      facts,
      'artifacts will be removed a day after this; see "koalaci artifacts prune --dry-run"',
    );
  for (const { archive, why } of pruned) {
    const { user, project, deployment } = archive;
    log.info({ user, project, deployment, bytes: archive.bytes, why }, 'artifact removed');
  }
  log.info(facts, 'artifacts removed');
  onPruned(outcome);
}
