// Builds a job here and now, for the commands that wait for it.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { Verdict } from '../job/verdict.js';
import type { Reused } from '../reuse/decide.js';
import { modeOf } from '../reuse/mode.js';
import { acquire, type SandboxDefaults } from '../runner/acquire.js';
import type { Build, BuildSettings } from '../runner/build.js';
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
  before?: (redis: Redis, job: RequestedJob) => Promise<void>;
  /** When it has ended. `job`: as it was built; undefined if it needed no build. */
  after: (redis: Redis, outcome: Outcome, job?: PreparedJob) => Promise<void>;
}

/** Builds it, until it has ended or is interrupted. */
export async function buildHere(session: Session, here: BuildHere): Promise<void> {
  const { artifacts, screen } = here;
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  const defaults = await sandboxDefaults(session);
  const settings = settingsFor(session, artifacts);
  const asked = here.asked(defaults);
  const isAsked = !asked.isReproduction && modeOf(asked.payload, settings.reuse) !== 'off';
  // Start the container first: it fetches the source while we load the other modules and connect to Redis.
  await using early = isAsked ? undefined : acquire(asked, defaults, verdict.signal);
  const reuse = isAsked ? import('../runner/reuse.js') : undefined;
  const [{ reapAll }, decider] = await Promise.all([import('../runner/reaper.js'), reuse, pipeline()]);
  await withRedis(session, async (redis) => {
    const how = { settings: { redis, ...settings }, screen, verdict };
    const decision = await decider?.askReuse(asked, defaults, how.settings);
    if (decision?.kind === 'reused') return reuseHere(asked, decision, here, how);
    const wanted = decision ? { ...asked, reuse: decision } : asked;
    await using acquiring = early ?? acquire(wanted, defaults, verdict.signal);
    const acquired = await acquiring.acquired;
    // Before the claim: a build that cannot begin leaves the record of the one before.
    await checkBuilder(acquired.job.base, defaults.builder);
    await here.before?.(redis, asked);
    const reaping = reapAll(redis, defaults.installation, artifacts).catch(() => {});
    const { buildJob } = await pipeline();
    await here.after(redis, await buildJob({ ...acquired, ...how }).finally(() => reaping), acquired.job);
  });
}

const pipeline = () => import('../runner/pipeline.js');

/** Ends a job that needs no build. */
async function reuseHere(
  job: RequestedJob,
  decision: Reused,
  here: BuildHere,
  how: Omit<Build, 'job' | 'container'>,
): Promise<void> {
  const { redis } = how.settings;
  await using reused = decision;
  await here.before?.(redis, job);
  const { reuseJob } = await import('../runner/reuse.js');
  await here.after(redis, await reuseJob(job, reused, how));
}

function settingsFor(session: Session, artifacts: ArtifactDirectory): Omit<BuildSettings, 'redis'> {
  const settings = { artifacts, ...buildSettings(session) };
  // Who names a directory wants a file in it. And it is a try, which nobody else is to see.
  if (artifacts.flat) return { ...settings, keepsArchives: true };
  return { ...settings, targets: targetSettings(session) };
}
