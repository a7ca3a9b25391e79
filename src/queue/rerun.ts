// The job of a deployment once more, under an id of its own. The record of the one before stays.
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId } from '../job/identity.js';
import { Payload, parsePayload } from '../job/payload.js';
import type { RecordFields } from '../job/record.js';
import { load, loadPayload } from '../store/jobs.js';
import { jobKey } from '../store/keys.js';
import { unseal } from '../store/seal.js';

const { deployment_id, project_commit, cache } = Payload.shape;

/** What may differ from the job as it was. */
export const RerunWish = z.strictObject({
  deployment_id: deployment_id
    .optional()
    .describe('its new id; otherwise <id>-2, or the next one that is free'),
  project_commit: project_commit.describe('instead of the commit that was built'),
  latest: z.boolean().optional().describe('the newest commit of the branch'),
  cache,
});
export type RerunWish = z.output<typeof RerunWish>;

/** More reruns of one deployment get no name by themselves. */
const MOST = 1_000;

/**
 * Reads what somebody wants to differ.
 * @throws KoalaError `bad_input`
 */
export function parseRerunWish(input: unknown): RerunWish {
  const { data, error } = RerunWish.safeParse(input ?? {});
  const [issue] = error?.issues ?? [];
  if (!data) throw unfit(`${issue?.path.join('.') || 'the rerun'}: ${issue?.message}`);
  if (data.latest && data.project_commit !== undefined)
    throw unfit('latest: does not go with project_commit, which names another commit');
  return data;
}

/**
 * The payload of a deployment, to be built again: of the same commit, if that is known and nothing else is wanted.
 * @throws KoalaError `not_found`; `conflict` when the payload is not kept any more, or the id that is wanted is taken; `environment`
 * when another secret has sealed it
 */
export async function rerunPayload(
  redis: Redis,
  id: JobId,
  { secret, wish }: { secret: string; wish: RerunWish },
): Promise<Payload> {
  const record: RecordFields = await load(redis, id);
  const { project_commit: before, ...payload } = parsePayload(
    unseal(await loadPayload(redis, id), secret, 'job'),
  );
  const commit = wish.latest ? undefined : (wish.project_commit ?? record.commit ?? before);
  return {
    ...payload,
    deployment_id: wish.deployment_id ?? (await freeId(redis, id)),
    ...(commit === undefined ? {} : { project_commit: commit }),
    ...(wish.cache === undefined ? {} : { cache: wish.cache }),
  };
}

async function freeId(redis: Redis, { user, deployment }: JobId): Promise<DeploymentId> {
  for (let count = 2; count <= MOST; count++) {
    const name = `${deployment}-${count}` as DeploymentId;
    if (!ID_PATTERN.test(name)) break;
    if ((await redis.exists(jobKey({ user, deployment: name }))) === 0) return name;
  }
  throw unfit(`deployment_id: no id is left that begins with ${deployment}`);
}

function unfit(message: string): KoalaError {
  return new KoalaError('bad_input', message, {
    remedy: 'koalaci rerun --help says what may differ; --as names the new id.',
  });
}
