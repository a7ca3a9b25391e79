// Reuse of builds: asks whether a job needs one, gives it the artifact of an earlier one, or remembers its own.
import { dirname } from 'node:path';
import { objectsOf } from '../artifact/objects.js';
import { artifactPaths } from '../artifact/paths.js';
import { endingOf } from '../job/ending.js';
import { type Built, decideReuse, type Reused } from '../reuse/decide.js';
import type { Inquiry } from '../reuse/inquiry.js';
import { readsIn } from '../reuse/plan.js';
import { rememberBuild } from '../reuse/remember.js';
import { makeDirectory } from '../settings/make-directory.js';
import type { SandboxDefaults } from './acquire.js';
import type { Build, BuildSettings } from './build.js';
import { claimHere } from './claim-here.js';
import { causeOf, type Outcome, requeue } from './conclude.js';
import { environmentOf } from './environment.js';
import { isReader, type PreparedJob, type RequestedJob } from './job.js';
import { openReporter } from './open-reporter.js';
import { partialIn } from './partials.js';
import { proveReuse } from './prove.js';
import { publish } from './publish.js';
import type { BuildReporter } from './reporter.js';
import { upload, uploadAfterReady } from './upload-step.js';

/** Asks whether a job needs a build. Nothing of the job's own is touched: it need not be claimed. */
export async function askReuse(
  job: RequestedJob,
  inquiry: Inquiry,
  { sandboxDefaults, settings }: { sandboxDefaults: SandboxDefaults; settings: BuildSettings },
): Promise<Reused | Built> {
  const directory = dirname(artifactPaths(settings.artifacts, job.record).archive);
  makeDirectory(directory);
  const { redis, reuse } = settings;
  const taking = {
    partial: () => partialIn(directory),
    objects: objectsOf(settings.artifacts.objects, job.user),
    needsArchive: settings.artifacts.flat,
  };
  return decideReuse(inquiry, { ...sandboxDefaults, redis, reuse, taking });
}

/**
 * Claims a job that needs no build, and ends it.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function reuseJob(
  job: RequestedJob,
  reused: Reused,
  how: Omit<Build, 'job' | 'container'>,
): Promise<Outcome> {
  await claimHere(how.settings, job);
  return reuseClaimed(job, reused, how);
}

/** Ends a claimed job with the artifact of an earlier build. */
export async function reuseClaimed(
  job: RequestedJob,
  reused: Reused,
  { settings, screen, verdict }: Omit<Build, 'job' | 'container'>,
): Promise<Outcome> {
  const reporter = openReporter(job, job.payload, { settings, screen, verdict });
  screen.show({ type: 'started', record: job.record, warm: false, reuse: 'hit' });
  if (job.resumed?.notice) reporter.say(job.resumed.notice);
  let failure: unknown;
  try {
    await publishReused(reporter, reused, settings);
    reporter.note(await environmentOf(job, reused.refs.defaultBranch, settings.redis));
    const cause = await upload({ job, settings, verdict }, reporter, verdict);
    if (cause) verdict.decide(cause);
  } catch (error) {
    failure = error;
    // A cancel is one, too, and has been decided by then.
    verdict.decide(causeOf(error));
  }
  if (verdict.requeued) return requeue(undefined, reporter);
  const ending = await reporter.end(endingOf(verdict.cause));
  const { record } = reporter;
  if (ending.status !== 'READY') return { kind: 'ended', ending, record, failure };
  proveReuse(job, reused, { record, settings });
  return { kind: 'ended', ending, record, uploaded: uploadAfterReady({ job, settings }, record) };
}

/** Remembers a READY build, for later jobs. If Redis is away, it is built once more. */
export async function remember(
  job: PreparedJob,
  { redis, reuse: { ttlMs } }: BuildSettings,
  reporter: BuildReporter,
): Promise<void> {
  const { plan, audited } = job.reuse ?? {};
  if (!plan || audited || isReader(job)) return;
  const { record, reads } = reporter;
  await rememberBuild(redis, plan, { record, reads: readsIn(reads), ttlMs }).catch(() => {});
}

/** Publishes the artifact as a build of the job would publish its own. */
async function publishReused(
  reporter: BuildReporter,
  { entry, artifact, refs, why }: Reused,
  { artifacts }: BuildSettings,
): Promise<void> {
  const paths = artifactPaths(artifacts, reporter.record);
  const manifest = partialIn(dirname(paths.manifest));
  const { path: _, manifest: __, ...shipping } = entry.artifact;
  reporter.reused(entry, refs.commit);
  reporter.say(why);
  await publish(reporter, paths, shipping, { ...artifact, manifest });
}
