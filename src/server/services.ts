// What the routes work with. `koalaci serve` passes it in.
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { Detection } from '../detection/detect.js';
import type { UserId } from '../job/identity.js';
import type { UserLimits } from '../job/user-limits.js';
import type { Verdict } from '../job/verdict.js';
import type { Intake } from '../queue/intake.js';
import type { JobsQueue } from '../queue/jobs-queue.js';
import type { AskedDetection } from '../runner/detect-repository.js';
import type { OwnSnapshots } from '../snapshot/own.js';
import type { Gauge, Metrics } from '../telemetry/metrics.js';
import type { ConfiguredTarget } from '../upload/targets.js';

/** What the routes for operators work with, also in a process that only builds. */
export interface OperationServices {
  redis: Redis;
  queue: JobsQueue;
  log: Logger;
  metrics: Metrics;
  /** How many builds run in this process. */
  running: () => number;
  /** Whether a stop signal has arrived. */
  stopping: () => boolean;
  /** Checks that the engine answers; undefined if this process builds nothing. */
  engine: (() => Promise<unknown>) | undefined;
  /** Of koalaci. */
  version: string;
  /** Measures what is kept on this machine. */
  storage?: () => Promise<Gauge[]>;
}

export interface Services extends Omit<OperationServices, 'queue' | 'version'> {
  /** Where artifacts lie. */
  artifacts: ArtifactDirectory;
  intake: Intake;
  /** Opens what they are served from. */
  targets: () => Promise<ConfiguredTarget[]>;
  /** What one user may take, unless the token says otherwise. */
  limits?: UserLimits;
  /** The time that builds have at most, if it is not the usual one. */
  timeoutMs?: number;
  version?: string;
  /** The snapshots of a user on this machine; undefined if this process has no engine. */
  snapshots?: ((user: UserId) => OwnSnapshots) | undefined;
  /** Looks at a repository, as detectRepository() does; undefined if this process has no engine. */
  look?: ((asked: AskedDetection, verdict: Verdict) => Promise<Detection>) | undefined;
}
