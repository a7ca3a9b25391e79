// What the routes work with: whoever starts the service hands it in.
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Intake } from '../queue/intake.js';
import type { Metrics } from '../telemetry/metrics.js';

export interface Services {
  redis: Redis;
  intake: Intake;
  log: Logger;
  metrics: Metrics;
  /** How many builds run in this process. */
  running: () => number;
  /** Whether the process has been told to stop. */
  stopping: () => boolean;
  /** Asks the engine whether it is there; undefined where nothing is built. */
  engine: (() => Promise<unknown>) | undefined;
}
