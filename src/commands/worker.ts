// koalaci worker: builds what is in the queue.
import { type DaemonFlags, runDaemon } from './daemon.js';

export async function worker(flags: DaemonFlags): Promise<void> {
  await runDaemon(flags, async () => async () => {});
}
