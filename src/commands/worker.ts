// koalaci worker: builds queued jobs.
import { runDaemon } from './daemon.js';
import type { DaemonFlags } from './daemon-plan.js';

export async function worker(flags: DaemonFlags): Promise<void> {
  await runDaemon(flags, async () => async () => {});
}
