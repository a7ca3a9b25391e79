// What the commands share that have a deployment served.
import type { Redis } from 'ioredis';
import type { Releasing } from '../releases/releasing.js';
import { describeOutcome } from '../releases/ship.js';
import type { Outcome } from '../releases/switch.js';
import { print, say } from '../ui/print.js';
import type { TargetOptions } from '../upload/target.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import { onInterrupt } from './interrupt.js';
import { withRedis } from './redis.js';
import type { Session } from './session.js';

export interface Ready {
  context: Releasing;
  targets: ConfiguredTarget[];
  options: TargetOptions;
}

/** Opens the targets and Redis, and calls `use`. An interrupt ends it before anything is switched. */
export async function withTargets<T>(session: Session, use: (ready: Ready) => Promise<T>): Promise<T> {
  const targets = await targetSettings(session).open();
  const stop = new AbortController();
  using _ = onInterrupt(() => stop.abort());
  const options = { signal: stop.signal, say: (line: string) => say(`koalaci: ${line}\n`) };
  return withRedis(session, (redis) => use({ context: releasing(session, redis), targets, options }));
}

/** Says of each target what came of it. */
export function printOutcomes(outcomes: Outcome[]): void {
  for (const outcome of outcomes) print(`${describeOutcome(outcome)}\n`);
}

function releasing(session: Session, redis: Redis): Releasing {
  return {
    redis,
    artifacts: artifactsAtHome(session),
    retentionSeconds: session.settings.retentionSeconds,
  };
}
