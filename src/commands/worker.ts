// koalaci worker: builds what is in the queue.
import { runDaemon } from './daemon.js';
import type { DaemonFlags } from './daemon-plan.js';

export async function worker(flags: DaemonFlags): Promise<void> {
  await runDaemon(flags, async () => async () => {});
}
