// koalaci worker: builds queued jobs. With a port, it says over HTTP how it is.
import { engineVersions } from '../docker/engine.js';
import { createOperationsApp } from '../server/app.js';
import { runDaemon } from './daemon.js';
import type { DaemonFlags } from './daemon-plan.js';
import { listen } from './listen.js';
import { storagesOf } from './storages.js';
import { koalaciVersion } from './version.js';

interface WorkerFlags extends DaemonFlags {
  host: string;
  port?: string;
}

export async function worker({ host, port, ...flags }: WorkerFlags): Promise<void> {
  // Without tokens there is no secret to guess, so that any address will do.
  await runDaemon(flags, async (daemon) => {
    if (port === undefined) return async () => {};
    const version = koalaciVersion();
    const app = createOperationsApp({
      ...daemon,
      version,
      engine: engineVersions,
      storage: storagesOf(daemon, true),
    });
    await listen(app, { host, port });
    return () => app.close();
  });
}
