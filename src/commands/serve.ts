// koalaci serve: accepts jobs over HTTP, and builds queued jobs.
import { engineVersions } from '../docker/engine.js';
import type { UserLimits } from '../job/user-limits.js';
import { detectRepository } from '../runner/detect-repository.js';
import { createApp } from '../server/app.js';
import type { Settings } from '../settings/settings.js';
import { intakeOf, ownSnapshots, targetSettings } from './build-settings.js';
import { runDaemon } from './daemon.js';
import type { DaemonFlags } from './daemon-plan.js';
import { listen } from './listen.js';
import { storagesOf } from './storages.js';
import { koalaciVersion } from './version.js';

interface ServeFlags extends DaemonFlags {
  host: string;
  port: string;
}

export async function serve(flags: ServeFlags): Promise<void> {
  await runDaemon(flags, async (daemon) => {
    const { session, sandboxDefaults } = daemon;
    const hasEngine = flags.concurrency !== '0';
    const app = createApp({
      ...daemon,
      intake: intakeOf(session, daemon),
      engine: hasEngine ? engineVersions : undefined,
      look: hasEngine ? (asked, verdict) => detectRepository(asked, sandboxDefaults, verdict) : undefined,
      snapshots: hasEngine ? (user) => ownSnapshots(session, user) : undefined,
      limits: userLimits(session.settings),
      targets: targetSettings(session).open,
      version: koalaciVersion(),
      storage: storagesOf(daemon, hasEngine),
      timeoutMs: session.settings.timeout,
    });
    await listen(app, flags);
    return () => app.close();
  });
}

/** What one user may take, unless the token says otherwise. */
function userLimits(settings: Settings): UserLimits {
  return {
    queued: settings.userQueued,
    followers: settings.userFollowers,
    requests: settings.userRequests,
    logs: settings.userLogs,
    artifacts: settings.userArtifacts,
  };
}
