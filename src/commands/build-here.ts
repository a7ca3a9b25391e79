// Builds a job here and now, for the commands that wait for it.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { Verdict } from '../job/verdict.js';
import type { Reused } from '../reuse/decide.js';
import { acquire, type SandboxDefaults } from '../runner/acquire.js';
import type { Build, BuildSettings } from '../runner/build.js';
import { checkBuilder } from '../runner/check-builder.js';
import type { Outcome } from '../runner/conclude.js';
import type { Screen } from '../runner/events.js';
import { beginInquiry } from '../runner/inquire.js';
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
  /** Whether its container is kept if it fails, also where the operator does not say so. */
  keepsFailed?: boolean;
  /** Before the job is claimed. */
  before?: (redis: Redis, job: RequestedJob) => Promise<void>;
  /** When it has ended. `job`: as it was built; undefined if it needed no build. */
  after: (redis: Redis, outcome: Outcome, job?: PreparedJob) => Promise<void>;
}

/** Builds it, until it has ended or is interrupted. */
export async function buildHere(session: Session, here: BuildHere): Promise<void> {
  try {
    await build(session, here);
  } finally {
    here.screen.close?.();
  }
}

async function build(session: Session, here: BuildHere): Promise<void> {
  const { artifacts, screen } = here;
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  const own = settingsFor(session, artifacts);
  const settings = here.keepsFailed ? { ...own, keepsFailed: true } : own;
  const { keepsArchives } = settings;
  const defaults = { ...(await sandboxDefaults(session)), keepsArchives };
  const asked = here.asked(defaults);
  // Start what takes longest first: it asks for the commit, or fetches the source, while we load the other modules and connect to Redis.
  using inquiry = await beginInquiry(asked, defaults, settings);
  await using early = inquiry ? undefined : acquire(asked, defaults, verdict.signal);
  const [decider] = await Promise.all(inquiry ? [reuseModule()] : [undefined, reaper(), pipeline()]);
  await withRedis(session, async (redis) => {
    const how = { settings: { redis, ...settings }, screen, verdict };
    const context = { sandboxDefaults: defaults, settings: how.settings };
    const decision = inquiry && (await decider?.askReuse(asked, inquiry, context));
    if (decision?.kind === 'reused') return reuseHere(asked, decision, here, how);
    const wanted = decision ? { ...asked, reuse: decision } : asked;
    await using acquiring = early ?? acquire(wanted, defaults, verdict.signal);
    const acquired = await acquiring.acquired;
    // Before the claim: a build that cannot begin leaves the record of the one before.
    await checkBuilder(acquired.job.base, defaults.builder);
    await here.before?.(redis, asked);
    const { reapAll } = await reaper();
    const reaping = reapAll(redis, defaults.installation, artifacts).catch(() => {});
    const { buildJob } = await pipeline();
    await here.after(redis, await buildJob({ ...acquired, ...how }).finally(() => reaping), acquired.job);
  });
}

const pipeline = () => import('../runner/pipeline.js');
const reaper = () => import('../runner/reaper.js');
const reuseModule = () => import('../runner/reuse.js');

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
  const { reuseJob } = await reuseModule();
  await here.after(redis, await reuseJob(job, reused, how));
}

function settingsFor(session: Session, artifacts: ArtifactDirectory): Omit<BuildSettings, 'redis'> {
  const settings = { artifacts, ...buildSettings(session) };
  // Who names a directory wants a file in it. And it is a try, which nobody else is to see.
  if (artifacts.flat) return { ...settings, keepsArchives: true };
  return { ...settings, targets: targetSettings(session) };
}
