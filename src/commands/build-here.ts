// Builds a job here and now, for the commands that wait for it.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { Verdict } from '../job/verdict.js';
import { acquire, type SandboxDefaults } from '../runner/acquire.js';
import type { BuildSettings } from '../runner/build.js';
import { checkBuilder } from '../runner/check-builder.js';
import type { Outcome } from '../runner/conclude.js';
import type { Screen } from '../runner/events.js';
import type { PreparedJob, RequestedJob } from '../runner/job.js';
import { buildSettings, sandboxDefaults, targetSettings } from './build-settings.js';
import { onInterrupt } from './interrupt.js';
import { withRedis } from './redis.js';
import type { Session } from './session.js';

export interface BuildHere {
  /** The job, for this installation. */
  asked: (defaults: SandboxDefaults) => RequestedJob;
  artifacts: ArtifactDirectory;
  screen: Screen;
  /** Before the job is claimed. */
  before?: (redis: Redis, job: PreparedJob) => Promise<void>;
  /** When it has ended. */
  after: (redis: Redis, outcome: Outcome, job: PreparedJob) => Promise<void>;
}

/** Builds it, until it has ended or is interrupted. */
export async function buildHere(session: Session, here: BuildHere): Promise<void> {
  const { artifacts, screen } = here;
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  // Start the container first: it fetches the source while we load the other modules and connect to Redis.
  const defaults = await sandboxDefaults(session);
  await using acquiring = acquire(here.asked(defaults), defaults, verdict.signal);
  const [{ buildJob }, { reapAll }] = await Promise.all([
    import('../runner/pipeline.js'),
    import('../runner/reaper.js'),
  ]);
  await withRedis(session, async (redis) => {
    const { job, container } = await acquiring.acquired;
    // Before the claim: a build that cannot begin leaves the record of the one before.
    await checkBuilder(job.base, defaults.builder);
    await here.before?.(redis, job);
    const reaping = reapAll(redis, defaults.installation, artifacts).catch(() => {});
    const settings = settingsFor(session, redis, artifacts);
    const building = buildJob({ job, container, settings, screen, verdict });
    await here.after(redis, await building.finally(() => reaping), job);
  });
}

function settingsFor(session: Session, redis: Redis, artifacts: ArtifactDirectory): BuildSettings {
  const settings = { redis, artifacts, ...buildSettings(session) };
  // Who names a directory wants a file in it. And it is a try, which nobody else is to see.
  if (artifacts.flat) return { ...settings, keepsArchives: true };
  return { ...settings, targets: targetSettings(session) };
}
