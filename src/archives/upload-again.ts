// Sends an artifact to the targets again, after its upload failed.
import { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import type { RecordFields } from '../job/record.js';
import { storeUploads } from '../releases/other-uploads.js';
import type { Releasing } from '../releases/releasing.js';
import { aimsOf, ship } from '../releases/ship.js';
import type { Outcome } from '../releases/switch.js';
import { load } from '../store/jobs.js';
import { noteUpload, noteUploaded } from '../store/releases.js';
import type { TargetOptions } from '../upload/target.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import { namedIn, releaseHere } from './release.js';

/**
 * Uploads the artifact of a deployment to all targets, and serves it from where its build would have. Then it is READY.
 * @throws KoalaError as a build would fail; `not_found`, or `conflict` when it has no artifact here or is built again
 */
export async function uploadAgain(
  context: Releasing,
  targets: ConfiguredTarget[],
  { id, options }: { id: JobId; options: TargetOptions },
): Promise<Outcome[]> {
  const { redis } = context;
  const release = await releaseHere(context, id);
  const record: RecordFields = await load(redis, id);
  const isSame = async () => (await load(redis, id)).attempt === record.attempt;
  const startedAt = Date.now();
  const wanted = {
    ...{ release, aims: aimsOf(namedIn(targets, undefined), record) },
    by: { build: true },
    others: storeUploads(targets, record, context.artifacts),
  } as const;
  const outcomes = await ship(context, { ...wanted, confirm: isSame }, options);
  const isReady = record.status === 'READY' || (outcomes && (await noteUploaded(redis, record)));
  if (!outcomes || !isReady) throw builtAgain(id);
  if (record.upload) await noteUpload(redis, record, { startedAt, endedAt: Date.now() });
  return outcomes;
}

function builtAgain({ deployment }: JobId): KoalaError {
  return new KoalaError('conflict', `deployment ${deployment} has been created again meanwhile`, {
    remedy: `"koalaci status ${deployment}" says what becomes of it.`,
  });
}
