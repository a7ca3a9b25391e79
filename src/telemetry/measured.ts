// Gauges that take long to measure: who reads the metrics gets the last ones, and never waits long for new ones.
import { settledWithin } from '../job/settled-within.js';
import type { Gauge } from './metrics.js';

const FRESH_MS = 60_000;
const PATIENCE_MS = 2_000;

/** Wraps a measurement that takes long. It is made when somebody asks, at most once a minute and one at a time. */
export function measured(measure: () => Promise<Gauge[]>): () => Promise<Gauge[]> {
  let last: Gauge[] = [];
  let at = Number.NEGATIVE_INFINITY;
  let measuring: Promise<void> | undefined;
  return async () => {
    if (!measuring && performance.now() - at > FRESH_MS) {
      measuring = measure()
        .then((gauges) => {
          last = gauges;
        })
        .catch(() => {})
        .finally(() => {
          at = performance.now();
          measuring = undefined;
        });
    }
    if (measuring) await settledWithin(PATIENCE_MS, measuring);
    return last;
  };
}
