// Builds a job once more, from nothing, and ships nothing: to know what a build of it makes.
import { setTimeout as delay } from 'node:timers/promises';
import { removeUntilGone } from '../docker/container.js';
import { buildName } from '../docker/names.js';
import { Verdict } from '../job/verdict.js';
import { BuildContainer } from '../sandbox/container.js';
import type { ControlEvent } from '../sandbox/control.js';
import { execute } from '../sandbox/execute.js';
import { ArtifactStep } from './artifact-step.js';
import type { Build } from './build.js';
import type { BuildReporter } from './reporter.js';
import { ShippedSecrets } from './shipped-secrets.js';

/** The list of what it would ship; undefined if it did not come that far. Its output is in no log: the build before had the same. */
export async function buildClean(
  { job, settings, container: { sandbox, input } }: Build,
  reporter: BuildReporter,
): Promise<Buffer | undefined> {
  const { attempt, runner } = job.record;
  const name = buildName(job.key.installation, job.record, { attempt: `${attempt} again`, runner });
  const { fallback, ...kept } = sandbox;
  const verdict = new Verdict();
  const over = new AbortController();
  void delay(sandbox.limits.time, undefined, { signal: over.signal })
    .then(() => verdict.requeue())
    .catch(() => {});
  let container = BuildContainer.start({ ...kept, name, image: fallback ?? kept.image }, input);
  const secrets = new ShippedSecrets([], 'off');
  await using artifact = new ArtifactStep(settings, { reporter, secrets, isReader: true });
  try {
    await execute({
      ...{ container, verdict },
      onContainer: (running) => {
        container = running;
      },
      onLog: () => {},
      onLockfile: () => {},
      onArchive: (data) => {
        if (artifact.write(data)) verdict.requeue();
      },
      onEvent: (event) => follow(event, { container, artifact, verdict }),
      ready: () => artifact.ready(),
    });
    return verdict.decided ? undefined : await artifact.listed();
  } finally {
    over.abort();
    await removeUntilGone(container.address, 0).catch(() => {});
  }
}

/** The container waits for what is wanted of its list, and for what was found in its artifact. */
function follow(
  event: ControlEvent,
  { container, artifact, verdict }: { container: BuildContainer; artifact: ArtifactStep; verdict: Verdict },
): void {
  if (event.event === 'step_ended' && !event.ok) verdict.requeue();
  if (event.event === 'list_ended')
    void artifact.wanted().then((wanted) => {
      if (typeof wanted === 'string') container.tellWanted(wanted);
      else verdict.requeue();
    });
  if (event.event === 'archive_ended') container.tellFound([]);
}
