// The step upload: has the operator's targets serve the artifact that was published, all of them or none.
import type { Cause } from '../job/ending.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { RecordFields } from '../job/record.js';
import { type PartVerdict, untilDecided } from '../job/verdict.js';
import { type OtherUpload, storeUploads, urlUpload } from '../releases/other-uploads.js';
import { aimsOf, describeOutcome, ship } from '../releases/ship.js';
import type { Outcome } from '../releases/switch.js';
import { noteUpload } from '../store/releases.js';
import { readRelease } from '../upload/release.js';
import type { TargetOptions } from '../upload/target.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import type { Build } from './build.js';
import type { RequestedJob } from './job.js';
import type { PreparedUploads } from './prepared-uploads.js';
import type { BuildReporter } from './reporter.js';

/**
 * Uploads what was published, and has it served. Until it is switched, a limit or a cancel ends it. Returns a cause when the
 * build must fail.
 */
export async function upload(
  { job, settings, verdict: build, prepared }: Uploading & Pick<Build, 'verdict'>,
  reporter: BuildReporter,
  verdict: PartVerdict,
): Promise<Cause | undefined> {
  const { targets } = settings;
  if (!targets?.readyAfterUpload) return undefined;
  try {
    const opened = await targets.open();
    if (opened.length === 0 && !job.payload.artifact_url) return undefined;
    build.reopen();
    reporter.uploading();
    const options = { signal: verdict.signal, say: (line: string) => reporter.say(line) };
    const confirm = () => reporter.mayPublish();
    const shipping = shipRecorded({ job, settings, prepared }, reporter.record, opened, {
      ...options,
      confirm,
    });
    const outcomes = await untilDecided(shipping, verdict);
    if (verdict.decided) return undefined;
    if (!outcomes) throw new Error("the job is another runner's by now");
    for (const outcome of outcomes) reporter.say(describeOutcome(outcome));
    const names = outcomes.map(({ target }) => target);
    reporter.uploaded([...names, ...(job.payload.artifact_url ? ['artifact_url'] : [])].join(', '));
    return undefined;
  } catch (error) {
    return uploadFailed(error, reporter.record);
  }
}

/**
 * The same for a build that is READY before. Its record says how it goes. Returns why it failed, in words; undefined if it
 * did not, or there is nothing to do.
 */
export async function uploadAfterReady(
  { job, settings }: Uploading,
  record: Readonly<RecordFields>,
): Promise<string | undefined> {
  const { redis, targets } = settings;
  if (!targets || targets.readyAfterUpload) return undefined;
  const startedAt = Date.now();
  const note = (more: { endedAt?: number; message?: string }) =>
    noteUpload(redis, record, { startedAt, ...more }).catch(() => {});
  try {
    const opened = await targets.open();
    if (opened.length === 0 && !job.payload.artifact_url) return undefined;
    await note({});
    const options = { signal: new AbortController().signal, say: () => {} };
    await shipRecorded({ job, settings }, record, opened, options);
    await note({ endedAt: Date.now() });
    return undefined;
  } catch (error) {
    const message = messageOf(error);
    await note({ endedAt: Date.now(), message });
    return message;
  }
}

interface Uploading extends Pick<Build, 'settings'> {
  job: Pick<RequestedJob, 'payload'>;
  /** What was begun while it was built, if it was. */
  prepared?: PreparedUploads | undefined;
}

async function shipRecorded(
  { job, settings, prepared }: Uploading,
  record: Readonly<RecordFields>,
  targets: ConfiguredTarget[],
  { confirm, ...options }: TargetOptions & { confirm?: () => Promise<boolean> },
): Promise<Outcome[] | undefined> {
  const { redis, artifacts, retentionSeconds } = settings;
  const release = await readRelease(record.artifact?.manifest ?? '', artifacts);
  const begun = await prepared?.all();
  const aims = aimsOf(targets, record).map((aim) => ({ ...aim, prepared: begun?.get(aim.target.name) }));
  const wanted = {
    ...{ release, aims },
    by: { build: true },
    others: [...storeUploads(targets, record, artifacts), ...urlUploads({ job, settings }, record)],
    ...(confirm ? { confirm } : {}),
  } as const;
  return ship({ redis, artifacts, retentionSeconds }, wanted, options);
}

function urlUploads({ job, settings }: Uploading, record: Readonly<RecordFields>): OtherUpload[] {
  const { artifact_url: url } = job.payload;
  const { artifacts, targets } = settings;
  return url && targets ? [urlUpload(url, record, { artifacts, rules: targets.artifactUrl })] : [];
}

function uploadFailed(error: unknown, { deployment }: Readonly<RecordFields>): Cause {
  const remedy = error instanceof KoalaError && error.remedy ? `${error.remedy} ` : '';
  return {
    reason: 'upload_failed',
    step: 'upload',
    message: messageOf(error),
    remedy: `${remedy}The artifact is kept: "koalaci upload ${deployment}" sends it again.`,
  };
}
