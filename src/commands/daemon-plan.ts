// Plans a daemon from its flags and the settings. Refuses what cannot work, before anything starts.
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { parseCount, parseDuration } from '../job/quantity.js';
import type { SandboxDefaults } from '../runner/acquire.js';
import { prepareDirectory } from '../settings/make-directory.js';
import { openLogger } from '../telemetry/logger.js';
import { Metrics } from '../telemetry/metrics.js';
import { openTracing } from '../telemetry/traces/tracing.js';
import type { Tracing } from '../telemetry/traces/wanted.js';
import { secretOf } from './authenticate.js';
import { artifactsAtHome, sandboxDefaults } from './build-settings.js';
import { refuseShortSecrets } from './exposure.js';
import type { Session } from './session.js';
import { koalaciVersion } from './version.js';

export interface DaemonFlags {
  concurrency?: string;
  drain: string;
  /** The address on which it listens, if it does. */
  host?: string;
}

export interface DaemonPlan {
  session: Session;
  /** Builds at once; 0 if it only accepts jobs. */
  concurrency: number;
  /** Builds of one user at once. */
  userConcurrency: number;
  /** How long running builds may take to end after a stop signal. */
  drainMs: number;
  secret: string;
  log: Logger;
  metrics: Metrics;
  /** Where somebody wants traces. */
  tracing: Tracing | undefined;
  artifacts: ArtifactDirectory;
  sandboxDefaults: SandboxDefaults;
}

/**
 * Reads flags and settings, and creates the artifact directory if the daemon builds.
 * @throws KoalaError `bad_input` for an invalid flag or a secret that is too short to be reached by others, `unauthorised` without a secret, `environment` when the
 * certificates or the credentials cannot be used
 */
export async function planDaemon(session: Session, flags: DaemonFlags): Promise<DaemonPlan> {
  const { settings } = session;
  const concurrency = concurrencyOf(flags);
  const secret = secretOf(session);
  if (flags.host !== undefined)
    refuseShortSecrets(flags.host, {
      JWT_SECRET: secret,
      KOALACI_CALLBACK_SECRET: settings.callbackSecret,
    });
  const artifacts = artifactsAtHome(session);
  if (concurrency > 0) prepareDirectory(artifacts.directory);
  const log = openLogger(settings.logLevel);
  return {
    session,
    concurrency,
    userConcurrency: settings.userConcurrency ?? Math.max(1, concurrency),
    drainMs: parseDuration('--drain', flags.drain),
    secret,
    log,
    metrics: new Metrics(),
    tracing: await openTracing({
      ...{ env: session.env, version: koalaciVersion() },
      onProblem: (why) => log.warn({ why }, 'traces'),
    }),
    artifacts,
    sandboxDefaults: await sandboxDefaults(session),
  };
}

function concurrencyOf({ concurrency }: DaemonFlags): number {
  if (concurrency === '0') return 0;
  return parseCount('--concurrency', concurrency ?? String(availableParallelism()));
}
