// Whether a job may reuse a build. Apart from the decision: every `koalaci run` asks this, few load what decides.
import type { Payload, ReuseMode } from '../job/payload.js';

/** The operator's settings. */
export interface ReuseSettings {
  mode: ReuseMode;
  ttlMs: number;
  /** One possible reuse in so many is built; 0: none. */
  audit: number;
}

/** What `reuse` is for a job. */
export function modeOf({ reuse }: Payload, { mode }: ReuseSettings): ReuseMode {
  return reuse ?? mode;
}
