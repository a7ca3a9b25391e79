// Runs the steps of a build in its container, once.
import { writtenBytes } from '../docker/container.js';
import type { PartVerdict } from '../job/verdict.js';
import { execute } from '../sandbox/execute.js';
import { pinHostKeys } from '../settings/known-hosts.js';
import { handOver, isBrief } from '../snapshot/snapshot.js';
import { ArtifactStep } from './artifact-step.js';
import type { Build, RunningBuild } from './build.js';
import { causeOf } from './conclude.js';
import { fromNothing } from './job.js';
import type { BuildReporter } from './reporter.js';
import { Watch } from './watch.js';

export interface Try {
  reporter: BuildReporter;
  /** What stops this try. */
  verdict: PartVerdict;
  /** When the build's first try began, in milliseconds since 1970. */
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
  try {
    return { build: await runSteps(build, one) };
  } catch (failure) {
    one.verdict.decide(causeOf(failure));
    return { build, failure };
  }
}

async function runSteps(build: RunningBuild, { reporter, verdict, since }: Try): Promise<RunningBuild> {
  const { container, settings } = build;
  const { name, limits } = container.sandbox;
  const artifactStep = new ArtifactStep(settings, reporter);
  let handedOver: Promise<string> | undefined;
  await using _ = artifactStep;
  using watch = new Watch({
    ...{ limits, verdict, since },
    step: () => reporter.step,
    diskUsed: () => writtenBytes(name),
  });
  const ran = await execute({
    container,
    verdict,
    onLog: (data) => reporter.output(data.subarray(0, watch.sawOutput(data.length))),
    onArchive: (data) => {
      const cause = artifactStep.write(data);
      if (cause) verdict.decide(cause);
    },
    onEvent: (event) => {
      const cause = reporter.event(event);
      const hostKeys = event.event === 'step_ended' ? event.facts.host_keys : undefined;
      for (const line of pinHostKeys(settings.knownHosts, hostKeys ?? '')) reporter.say(line);
      if (cause) verdict.decide(cause);
      // While the container still runs: the engine delays every request about a container that is stopping.
      if (event.event === 'archive_started') {
        const brief = isBrief(reporter.record, Date.now() - since);
        handedOver = handOver(name, brief);
        // The next build waits for the work after this one, unless it was brief.
        if (!brief) build.postBuild.prepare(build.job.key.project);
      }
    },
    // A slow reader slows the build down, but must not delay its end.
    ready: () => (verdict.decided ? undefined : (artifactStep.ready() ?? reporter.screenReady())),
  });
  const [cause, saving] = verdict.decided ? [] : await Promise.all([artifactStep.send(), handedOver]);
  if (cause) verdict.decide(cause);
  return asItRan(build, ran, saving);
}

function asItRan(build: RunningBuild, ran: Build['container'], saving: string | undefined): RunningBuild {
  const isWarm = ran.sandbox.image === build.job.base.image;
  const job = isWarm ? build.job : fromNothing(build.job);
  return { ...build, container: ran, job, ...(saving === undefined ? {} : { handedOver: saving }) };
}
