// Deployments that have ended, with a log, in Redis: as a build records them, without one.
import type { Redis } from 'ioredis';
import type { DeploymentId } from '../../src/job/identity.js';
import type { BuildingRecord, End, Progress, StepTimes } from '../../src/job/record.js';
import type { Step } from '../../src/job/status.js';
import { claim } from '../../src/store/jobs.js';
import { Recorder } from '../../src/store/recorder.js';
import { buildingRecord } from './records.js';

export interface Recorded {
  fields?: Partial<BuildingRecord>;
  log?: [step: Step | '', text: string][];
  found?: Progress;
  end?: Partial<End>;
}

/** Records one. Without an end, it is READY. */
export async function record(
  redis: Redis,
  id: string,
  { fields, log = [], found, end }: Recorded,
): Promise<void> {
  const begun = buildingRecord({ deployment: id as DeploymentId, attempt: id, ...fields });
  await claim(redis, begun, 3600);
  const silent = { onCancel: () => {}, onLost: () => {} };
  const recorder = new Recorder(redis, begun, { logLimit: 256 << 20, retentionSeconds: 3600, ...silent });
  if (found) recorder.update(found);
  for (const [step, text] of log) recorder.log(step, Buffer.from(text));
  await recorder.finish({ status: 'READY', endedAt: begun.startedAt + 10_000, ...end } as End);
}

/** Steps one after the other, by how many seconds each took. */
export function stepsOf(startedAt: number, seconds: Partial<Record<Step, number>>): StepTimes[] {
  let at = startedAt;
  return Object.entries(seconds).map(([step, took]) => {
    const from = at;
    at += took * 1_000;
    return { step: step as Step, startedAt: from, endedAt: at };
  });
}
