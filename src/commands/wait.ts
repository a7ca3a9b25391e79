// koalaci wait: waits until deployments have ended, and exits as they did.

import { exitCodeOfEnded } from '../job/ending.js';
import type { DeploymentId } from '../job/identity.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { type EndedRecord, hasEnded, type JobRecord } from '../job/record.js';
import { print, say } from '../ui/print.js';
import { QueueWords, wordsOfEnd } from '../ui/waiting.js';
import type { Backend } from './backend/backend.js';
import { deploymentOf, withBackend } from './backend/open.js';
import { onInterrupt } from './interrupt.js';
import type { Backed } from './named-service.js';

/** The exit code is the first that is not 0, in the order in which they are named. */
export async function wait(texts: string[], flags: Backed & { json?: boolean }): Promise<void> {
  const ids = texts.map(deploymentOf);
  await withBackend(flags, async (backend) => {
    const ended = await untilAllEnded(backend, ids);
    if (!ended) {
      process.exitCode = 130;
      return;
    }
    if (flags.json) print(`${printableJson(ended.map((record) => publicJson(record)))}\n`);
    process.exitCode = ended.map(exitCodeOfEnded).find((code) => code !== 0) ?? 0;
  });
}

/** How they have ended, each as soon as it has; undefined when it was interrupted: they go on. */
async function untilAllEnded(backend: Backend, ids: DeploymentId[]): Promise<EndedRecord[] | undefined> {
  const stop = new AbortController();
  using _ = onInterrupt(() => stop.abort());
  // One that does not exist is said before the others are waited for.
  await Promise.all(ids.map((id) => backend.load(id)));
  const all = await Promise.all(ids.map((id) => untilEnded(backend, id, stop.signal)));
  const ended = all.filter((record) => record !== undefined);
  return ended.length === ids.length ? ended : undefined;
}

/** How a deployment has ended; says so. Undefined when the signal aborts before. */
export async function untilEnded(
  backend: Backend,
  id: DeploymentId,
  signal: AbortSignal,
): Promise<EndedRecord | undefined> {
  const words = new QueueWords();
  let last: JobRecord | undefined;
  for await (const record of backend.watch(id, signal)) {
    last = record;
    for (const line of words.of(record)) say(`${line}\n`);
  }
  if (!last || !hasEnded(last)) return undefined;
  for (const line of wordsOfEnd(last)) say(`${line}\n`);
  return last;
}
