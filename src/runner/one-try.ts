// Runs the steps of a build in its container, once.
import { publicPrefixes } from '../detection/public-prefixes.js';
import { type PartVerdict, untilDecided } from '../job/verdict.js';
import type { ControlEvent, StepEnded } from '../sandbox/control.js';
import { execute } from '../sandbox/execute.js';
import { pinHostKeys } from '../settings/known-hosts.js';
import { handOver, isBrief } from '../snapshot/snapshot.js';
import { ArtifactStep } from './artifact-step.js';
import type { Build, RunningBuild } from './build.js';
import { causeOf } from './conclude.js';
import { ContainerDisk } from './container-disk.js';
import { environmentOf } from './environment.js';
import { asItRuns, isReader } from './job.js';
import { LockfileCollector } from './lockfile.js';
import { namedSecrets } from './named-secrets.js';
import { PreparedUploads } from './prepared-uploads.js';
import type { BuildReporter } from './reporter.js';
import { ShippedSecrets } from './shipped-secrets.js';
import { upload } from './upload-step.js';
import { Watch } from './watch.js';

/** At these, the dist directory comes. */
const SHIPPING: ReadonlySet<ControlEvent['event']> = new Set(['list_started', 'archive_started']);

export interface Try {
  reporter: BuildReporter;
  /** What stops this try. */
  verdict: PartVerdict;
  /** When the build's first try began, by performance.now(). */
  since: number;
}

export interface Tried {
  /** The build as it ran: cold, with another container, if the engine refused the snapshot. */
  build: RunningBuild;
  /** The error that ended the try. */
  failure?: unknown;
}

/** Runs the steps in the container and publishes the artifact. If it stops early, the verdict says why. */
export async function runTry(build: RunningBuild, one: Try): Promise<Tried> {
  // Also after an error it is the container that ran which has to be removed.
  const running = { ...build, lockfile: new LockfileCollector() };
  try {
    await runSteps(running, one);
    return { build: asItRan(running) };
  } catch (failure) {
    one.verdict.decide(causeOf(failure));
    return { build: asItRan(running), failure };
  }
}

/** `build` gets the container that runs, and whether it was brief. */
async function runSteps(build: RunningBuild, one: Try): Promise<void> {
  const { reporter, verdict, since } = one;
  await using artifactStep = await artifactStepOf(build, reporter);
  using uploads = new PreparedUploads();
  const disk = new ContainerDisk();
  let handedOver: Promise<void> | undefined;
  using watch = new Watch({
    ...{ limits: build.container.sandbox.limits, verdict, since },
    step: () => reporter.step,
    diskUse: (signal) => disk.look(build.container, signal),
  });
  await execute({
    container: build.container,
    verdict,
    onContainer: (container) => {
      build.container = container;
    },
    onLog: (data) => reporter.output(data.subarray(0, watch.sawOutput(data.length))),
    onArchive: (data) => pack(data, watch, { artifactStep, verdict }),
    onLockfile: (data) => build.lockfile?.data(data),
    onEvent: (event) => {
      follow(event, build, one);
      ship(event, { build, reporter, artifactStep, uploads, verdict });
      // While the container still runs: the engine delays every request about a container that is stopping.
      if (SHIPPING.has(event.event)) handedOver ??= startHandingOver(build, reporter, since);
    },
    // A slow reader slows the build down, but must not delay its end.
    ready: () => (verdict.decided ? undefined : (artifactStep.ready() ?? reporter.screenReady())),
  });
  // To its last step a limit or a cancel ends it.
  const sent = verdict.decided ? undefined : untilDecided(artifactStep.send(), verdict);
  const [cause] = await Promise.all([sent, handedOver]);
  if (cause) verdict.decide(cause);
  await serve(build, one, { watch, uploads });
}

/** Packs a piece of what the container sends. */
function pack(
  data: Buffer,
  watch: Watch,
  { artifactStep, verdict }: Pick<Shipping, 'artifactStep' | 'verdict'>,
): void {
  // The container may go on, and nobody waits for the packer any more: it would pile up here.
  if (verdict.decided) return;
  watch.sawArchive();
  const cause = artifactStep.write(data);
  if (cause) verdict.decide(cause);
}

/** What has been published is uploaded, where READY means that it is. */
async function serve(
  build: RunningBuild,
  { reporter, verdict }: Try,
  { watch, uploads }: { watch: Watch; uploads: PreparedUploads },
): Promise<void> {
  if (verdict.decided) return;
  watch.sawEnd();
  const { redis } = build.settings;
  reporter.note(await environmentOf(build.job, reporter.defaultBranch, redis));
  const cause = await upload({ ...build, prepared: uploads }, reporter, verdict);
  if (cause) verdict.decide(cause);
}

function follow(event: ControlEvent, build: RunningBuild, { reporter, verdict }: Try): void {
  const cause = reporter.event(event);
  build.lockfile?.event(event);
  if (event.event === 'step_ended') sayPinned(event, build, reporter);
  if (cause) verdict.decide(cause);
}

async function artifactStepOf(build: Build, reporter: BuildReporter): Promise<ArtifactStep> {
  const shipped = { reporter, secrets: await shippedSecrets(build), isReader: isReader(build.job) };
  return new ArtifactStep(build.settings, shipped);
}

/** What is not to be shipped. */
async function shippedSecrets({ job, settings }: Build): Promise<ShippedSecrets> {
  const { payload, credentials } = job;
  const prefixes = payload.env && settings.secretScan !== 'off' ? await publicPrefixes() : [];
  const secrets = namedSecrets({ payload, credentials, operator: settings.secrets, prefixes });
  return new ShippedSecrets(secrets, settings.secretScan);
}

interface Shipping {
  build: Build;
  reporter: BuildReporter;
  artifactStep: ArtifactStep;
  uploads: PreparedUploads;
  verdict: PartVerdict;
}

/** What the artifact's step has to do at an event. */
function ship(event: ControlEvent, shipping: Shipping): void {
  // Until the dist directory comes, it looks what there is already.
  if (event.event === 'step_started' && event.step === 'build') {
    shipping.artifactStep.begin();
    shipping.uploads.begin(shipping.build, shipping.reporter);
  }
  offer(event, shipping);
  search(event, shipping);
}

/** Says which contents are wanted once the container has listed all. */
function offer({ event }: ControlEvent, { build, artifactStep, verdict }: Shipping): void {
  if (event !== 'list_ended') return;
  artifactStep.wanted().then(
    (wanted) => {
      if (typeof wanted === 'string') build.container.tellWanted(wanted);
      else verdict.decide(wanted);
    },
    (error) => verdict.decide(causeOf(error)),
  );
}

/** Searches the archive for secrets once it has ended. The container waits for what was found: it knows which files are tracked. */
function search(event: ControlEvent, { build, artifactStep, verdict }: Shipping): void {
  if (event.event === 'tracked') artifactStep.secrets.tracked(event.values);
  if (event.event !== 'archive_ended') return;
  artifactStep.search().then(
    (values) => build.container.tellFound(values),
    (error) => verdict.decide(causeOf(error)),
  );
}

function sayPinned({ facts }: StepEnded, { settings }: Build, reporter: BuildReporter): void {
  for (const line of pinHostKeys(settings.knownHosts, facts.host_keys ?? '')) reporter.say(line);
}

function startHandingOver(build: RunningBuild, reporter: BuildReporter, since: number): Promise<void> {
  const { container, job, postBuild } = build;
  build.isBrief = isBrief(reporter.record, performance.now() - since);
  // The next build waits for the work after this one, unless it was brief.
  if (!build.isBrief) postBuild.prepare(job.key.project);
  return handOver(container.address, container.sandbox.name, build.isBrief);
}

function asItRan(build: RunningBuild): RunningBuild {
  return { ...build, job: asItRuns(build.job, build.container.sandbox) };
}
