// What a daemon measures of what is kept on its machine.
import { measured } from '../telemetry/measured.js';
import type { Gauge } from '../telemetry/metrics.js';
import { storageGauges } from '../telemetry/storage-gauges.js';
import type { Daemon } from './daemon.js';

/** `hasEngine`: whether it builds, so that there are snapshots. */
export function storagesOf(
  { session, artifacts, sandboxDefaults }: Pick<Daemon, 'session' | 'artifacts' | 'sandboxDefaults'>,
  hasEngine: boolean,
): () => Promise<Gauge[]> {
  const { installation } = sandboxDefaults;
  const image = hasEngine ? session.settings.image : undefined;
  return measured(() => storageGauges({ installation, home: session.home, artifacts, image }));
}
