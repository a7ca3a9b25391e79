// Publishes an artifact: gives archive and manifest their names, if the job still is this attempt's.
import { renameSync, rmSync } from 'node:fs';
import { type Form, writeManifest } from '../artifact/manifest.js';
import type { ArtifactPaths } from '../artifact/paths.js';
import { removeProof } from '../artifact/proof.js';
import type { ArtifactInfo, JobRecord, RecordFields } from '../job/record.js';
import { LEASE_MS } from '../settings/timing.js';
import type { BuildReporter } from './reporter.js';

/** An answer of Redis that took longer may be out of date: this process may have been stopped meanwhile. */
const FRESH_ANSWER_MS = LEASE_MS / 3;

/** The files of an artifact that is complete, and not published; `manifest` is written here. Who made the names removes them. */
export interface Unpublished {
  /** Undefined where the archive is made when somebody asks for it. */
  archive: string | undefined;
  /** The list of its entries. */
  list: string;
  manifest: string;
  form: Omit<Form, 'hasArchive'>;
}

/** What the record says of it, but for the paths. */
export type Shipping = Omit<ArtifactInfo, 'path' | 'manifest'>;

/**
 * Publishes it.
 * @throws Error if another runner has the job, or the build has been stopped
 */
export async function publish(
  reporter: BuildReporter,
  { archive: path, manifest }: ArtifactPaths,
  shipping: Shipping,
  partial: Unpublished,
): Promise<void> {
  const onDemand = partial.archive === undefined ? { madeOnDemand: true } : {};
  const artifact: ArtifactInfo = { path, manifest, ...shipping, ...onDemand };
  const form = { ...partial.form, hasArchive: partial.archive !== undefined };
  await writeManifest(partial.manifest, shipped(reporter.record, artifact), partial.list, form);
  if (!(await mayPublish(reporter))) throw new Error("the job is another runner's by now");
  // At once, both of them: whatever waits here may wait until another runner has published.
  removeProof({ archive: path });
  if (partial.archive !== undefined) renameSync(partial.archive, path);
  renameSync(partial.manifest, manifest);
  // Of the last build of this id.
  if (partial.archive === undefined) rmSync(path, { force: true });
  reporter.shipped(artifact);
}

/** Asks until there is an answer that is fresh. */
async function mayPublish(reporter: BuildReporter): Promise<boolean> {
  for (;;) {
    const asked = performance.now();
    if (!(await reporter.mayPublish())) return false;
    if (performance.now() - asked < FRESH_ANSWER_MS) return true;
  }
}

/** A record as it will be once the artifact is published. */
function shipped(record: Readonly<JobRecord>, artifact: ArtifactInfo): RecordFields {
  const { steps = [] }: Readonly<RecordFields> = record;
  return {
    ...record,
    artifact,
    steps: steps.map((one) => ({ ...one, endedAt: one.endedAt ?? Date.now() })),
  };
}
