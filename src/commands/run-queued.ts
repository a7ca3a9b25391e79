// Queues a job on this machine or at a service, then follows it, waits for it, or leaves it.

import { exitCodeOfEnded } from '../job/ending.js';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId } from '../job/identity.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import type { EndedRecord, JobRecord } from '../job/record.js';
import type { Screen } from '../runner/events.js';
import { JsonScreen } from '../ui/json-screen.js';
import { openScreen, type ScreenFlags } from '../ui/open-screen.js';
import { print, say } from '../ui/print.js';
import { whereItWaits } from '../ui/waiting.js';
import type { Backend } from './backend/backend.js';
import { choose } from './backend/open.js';
import { CancelOrLeave } from './cancel-or-leave.js';
import { followBuild } from './follow-build.js';
import type { Backed } from './named-service.js';
import type { Session } from './session.js';
import { showFacts } from './show-facts.js';
import { untilEnded } from './wait.js';

export interface QueueFlags extends Backed, ScreenFlags {
  detach?: boolean;
  wait?: boolean;
  json?: boolean;
  output?: string;
}

/** `queue` queues it. */
export async function runQueued(
  session: Session,
  flags: QueueFlags,
  queue: (backend: Backend) => Promise<JobRecord>,
): Promise<void> {
  await choose(
    session,
    flags,
  )(async (backend) => {
    refuseOutput(flags, backend);
    const record = await queue(backend);
    if (flags.detach && !flags.wait) return sayQueued(record, flags);
    const ended = await untilItEnds(backend, record.deployment, flags);
    if (!ended) return;
    process.exitCode = exitCodeOfEnded(ended);
    if (flags.wait && flags.json) print(`${printableJson(publicJson(ended))}\n`);
    if (flags.output !== undefined && ended.status === 'READY')
      await bring(backend, record.deployment, flags.output);
  });
}

function refuseOutput({ output, detach, wait }: QueueFlags, { server }: Backend): void {
  if (output === undefined || (server !== undefined && (!detach || wait))) return;
  throw new KoalaError('bad_input', '--output: does not go with a job that is queued', {
    remedy:
      'The machine that builds it has the artifact: "koalaci artifacts get" copies it once the deployment is READY.',
  });
}

function sayQueued(record: JobRecord, { json }: QueueFlags): void {
  const waits = record.status === 'QUEUED' ? whereItWaits(record) : [];
  if (json) print(`${printableJson(publicJson(record))}\n`);
  else say(`${[`${record.deployment} is ${record.status}`, ...waits].join('; ')}\n`);
}

/** How it has ended; undefined when nobody waits for that any more. */
async function untilItEnds(
  backend: Backend,
  id: DeploymentId,
  flags: QueueFlags,
): Promise<EndedRecord | undefined> {
  const shown = flags.wait || flags.json ? undefined : await openScreen(flags);
  const screen: Screen | undefined = shown ?? (flags.wait ? undefined : new JsonScreen());
  using asked = new CancelOrLeave({ id, cancel: () => backend.cancel(id), pause: () => screen?.pause?.() });
  const { over: signal } = asked;
  const ended = screen
    ? await followBuild(backend, id, { screen, signal, paused: () => asked.paused() })
    : await untilEnded(backend, id, signal);
  if (!ended && !asked.isLeft) process.exitCode = 130;
  if (ended && shown) await showFacts(shown, ended, () => backend.facts(ended));
  return ended;
}

async function bring(backend: Backend, id: DeploymentId, output: string): Promise<void> {
  const [{ fetchArtifact }, { prepareDirectory }] = await Promise.all([
    import('./artifact-get.js'),
    import('../settings/make-directory.js'),
  ]);
  prepareDirectory(output);
  await fetchArtifact(backend, id, { output });
}
