// Makes records anew from manifests, for a Redis that has lost them. What they do not say stays lost: logs, variables, callbacks.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { JobId } from '../job/identity.js';
import type { ArtifactInfo, BuildingRecord } from '../job/record.js';
import { thisRunner } from '../runner/runner-id.js';
import { claim, load, unlessNotFound } from '../store/jobs.js';
import { Recorder } from '../store/recorder.js';
import { infoOf } from './find.js';
import type { JudgedArchive } from './standing.js';
import { survey } from './survey.js';

const LOG = 'koalaci: this record was made anew from the manifest of the artifact; its log is lost\n';
/** That is one line. */
const LOG_LIMIT = 1024;

/** Makes the record of each artifact on this machine that has none, as if its build had ended just now. Returns whose. */
export async function restoreRecords(
  redis: Redis,
  artifacts: ArtifactDirectory,
  retentionSeconds: number,
): Promise<JobId[]> {
  const restored: JobId[] = [];
  for (const one of (await survey(redis, artifacts)).reverse()) {
    const info = infoOf(one);
    if (one.standing !== 'ready' || !info || (await load(redis, one).catch(unlessNotFound))) continue;
    await restore(redis, one, info, retentionSeconds);
    restored.push({ user: one.user, deployment: one.deployment });
  }
  return restored;
}

async function restore(
  redis: Redis,
  one: JudgedArchive,
  info: ArtifactInfo,
  retentionSeconds: number,
): Promise<void> {
  const record = recordOf(one);
  await claim(redis, record, retentionSeconds);
  const options = { logLimit: LOG_LIMIT, retentionSeconds, onCancel: () => {}, onLost: () => {} };
  const recorder = new Recorder(redis, record, options);
  recorder.update({ artifact: info });
  recorder.log('', Buffer.from(LOG));
  await recorder.finish({ status: 'READY', endedAt: one.builtAt });
}

/** What its manifest says. */
function recordOf({
  user,
  project,
  deployment,
  branch = '',
  head,
  createdAt,
}: JudgedArchive): BuildingRecord {
  const { repo = '', commit, versions: { node, package_manager: manager } = {}, started_at } = head ?? {};
  return {
    status: 'BUILDING',
    ...{ user, project, deployment, branch, repo, createdAt },
    ...(commit === undefined ? {} : { commit }),
    ...(node === undefined ? {} : { node }),
    ...(manager === undefined ? {} : { manager }),
    ...{ attempt: randomUUID(), startedAt: started_at ?? createdAt, runner: thisRunner(), container: '' },
  };
}
