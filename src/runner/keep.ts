// Keeps the container of a build that failed, for who wants to look into it (`koalaci debug`): it is started again, without a process
// of the build, takes the job's secrets out, and ends by itself.
import { setTimeout as delay } from 'node:timers/promises';
import type { DockerStream } from '../docker/cli.js';
import {
  inspectContainer,
  removeOnceStopped,
  removeUntilGone,
  renameContainer,
  restartContainer,
  stopContainer,
} from '../docker/container.js';
import { keptName } from '../docker/names.js';
import { ENDINGS, type Ending } from '../job/ending.js';
import { messageOf } from '../job/errors.js';
import type { Step } from '../job/status.js';
import { parseControl } from '../sandbox/control.js';
import { keepInput } from '../sandbox/job-input.js';
import {
  KEEP_PATIENCE_MS,
  KEEP_SECONDS,
  REMOVAL_PATIENCE_MS,
  STOP_GRACE_SECONDS,
} from '../settings/timing.js';
import { makeWayFor } from '../snapshot/kept.js';
import type { Build } from './build.js';
import type { BuildReporter } from './reporter.js';

/** Whether there is something to look into: code of the project has run, and has not filled the disk. Pure. */
export function isWorthKeeping(ending: Ending, step: Step | undefined): boolean {
  if (ending.status !== 'ERROR' || ending.reason === 'disk_limit') return false;
  const { kind } = ENDINGS[ending.reason];
  const where = ending.step ?? step;
  return (kind === 'failure' || kind === 'limit') && where !== undefined && where !== 'source';
}

/**
 * Keeps it, if the operator or the user wants that. Returns whether nothing of the build runs any more, and it is kept; otherwise it is as it
 * was, or gone.
 */
export async function keepFailed(build: Build, ending: Ending, reporter: BuildReporter): Promise<boolean> {
  const { job, container, settings } = build;
  if (!settings.keepsFailed || job.isReproduction || !isWorthKeeping(ending, reporter.step)) return false;
  const { deployment } = job.record;
  try {
    await stopContainer(container.address, STOP_GRACE_SECONDS);
    if ((await inspectContainer(container.address))?.running !== false) return false;
    await keep(build);
    reporter.say(
      `the container is kept for ${KEEP_SECONDS / 60} minutes, without the job's secrets: koalaci debug ${deployment}`,
    );
    return true;
  } catch (error) {
    reporter.say(`the container cannot be kept: ${messageOf(error)}`);
    return false;
  }
}

async function keep({ job, container }: Build): Promise<void> {
  const { key, record } = job;
  await makeWayFor(key.installation, key.user);
  const process = restartContainer(container.address);
  try {
    process.stdin.on('error', () => {});
    process.stdout.resume();
    process.stdin.write(keepInput(container.input, KEEP_SECONDS));
    await untilKept(process);
    const until = Date.now() + KEEP_SECONDS * 1_000;
    await renameContainer(container.address, keptName(key.installation, record, record.attempt, until));
    removeOnceStopped(container.address);
  } catch (error) {
    // Nobody knows whether a secret is in it.
    await removeUntilGone(container.address, REMOVAL_PATIENCE_MS).catch(() => {});
    throw error;
  } finally {
    process.kill('SIGKILL');
  }
}

/** Waits until it says that it has no secret any more. */
async function untilKept(process: DockerStream): Promise<void> {
  const over = new AbortController();
  const late = delay(KEEP_PATIENCE_MS, 'late' as const, { signal: over.signal }).catch(() => 'late' as const);
  const said = await Promise.race([firstEvent(process), late]);
  over.abort();
  if (said === 'kept') return;
  throw new Error(said === 'late' ? 'it took too long to take the secrets out' : said);
}

/** Its name; or what was said instead, by the engine, or by an image that knows nothing of this and begins to build. */
async function firstEvent(process: DockerStream): Promise<string> {
  let said = '';
  for await (const data of process.stderr) {
    said = (said + String(data)).slice(-4_096);
    const event = said.split('\n').flatMap((line) => parseControl(line) ?? [])[0];
    if (event)
      return event.event === 'kept' ? 'kept' : 'the builder image is too old; rebuild it: sh ci/build.sh';
  }
  return `it ended: ${said.trim()}`;
}
