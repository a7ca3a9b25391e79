// Verifies an artifact: reads all of it, and compares that with manifest and record.
import { sep } from 'node:path';
import { digestOf, type ListedEntry } from '../artifact/listing.js';
import { type Manifest, readManifest } from '../artifact/manifest-file.js';
import { objectsOf } from '../artifact/objects.js';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { readEntries } from '../artifact/read-entries.js';
import { handleSha256 } from '../artifact/sha256.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { objectDifferences } from './check-objects.js';
import { type Difference, differences, entryDifferences, type Facts } from './differences.js';
import type { Found } from './find.js';
import { openFile } from './open-file.js';
import { absentArtifact, isElsewhere, type Shipped } from './shipped.js';

export interface Verification {
  differences: Difference[];
  /** What could not be compared, and why. */
  notes: string[];
  files: number;
  /** Of all files, unpacked. */
  bytes: number;
}

/**
 * Compares an artifact with its manifest and its record: its archive, if that is a file, and its objects.
 * @param whole objects that were compared before, of other artifacts
 * @throws KoalaError as Archives.open(): there is nothing to compare
 */
export async function verifyArtifact(
  { record, ...shipped }: Found,
  artifacts: ArtifactDirectory,
  whole?: Set<string>,
): Promise<Verification> {
  const { info, user } = shipped;
  const manifest = await readManifest(info.manifest);
  const isFile = manifest?.digest === undefined || manifest.archive !== undefined;
  const archive = isFile ? await archiveFacts(shipped) : undefined;
  const entries = archive?.entries ?? manifest?.entries ?? [];
  // What was shipped to a directory of its own has no claim on the objects.
  const isAtHome = info.manifest.startsWith(`${artifacts.directory}${sep}`);
  const stored = manifest?.digest !== undefined && isAtHome ? (manifest.entries ?? []) : [];
  return {
    differences: [
      ...(archive?.broken === undefined ? [] : [{ what: 'cannot be unpacked', archive: archive.broken }]),
      ...differences({
        ...(archive ? { archive: archive.facts } : {}),
        ...(manifest ? { manifest: factsOfManifest(manifest) } : {}),
        ...(record ? { record: factsOfRecord(record) } : {}),
      }),
      ...(manifest ? [] : [{ what: 'manifest', manifest: 'missing, or it cannot be read' }]),
      // Of what cannot be read, nothing is known.
      ...entryDifferences(entries, manifest?.entries ?? entries).filter(
        ({ archive: said }) => archive?.broken === undefined || said !== 'missing',
      ),
      ...(await objectDifferences(objectsOf(artifacts.objects, user), stored, whole)),
    ],
    notes: notesOf(record, manifest),
    ...sumsOf(entries),
  };
}

/** What an archive says of itself; `broken` says why not all of it can be unpacked. */
async function archiveFacts(
  shipped: Shipped,
): Promise<{ facts: Facts; entries: ListedEntry[]; broken?: string }> {
  await using file = await openFile(shipped.info.path, shipped);
  const { size: archive_bytes } = await file.stat();
  const sha256 = await handleSha256(file);
  if (isElsewhere(shipped.runner) && sha256 !== shipped.info.sha256) throw absentArtifact(shipped);
  const { entries, broken } = await readEntries(file);
  const facts = { sha256, archive_bytes };
  if (broken !== undefined) return { facts, entries, broken };
  return { facts: { ...facts, ...sumsOf(entries), digest: digestOf(entries) }, entries };
}

function sumsOf(entries: ListedEntry[]): { files: number; bytes: number } {
  return {
    files: entries.filter(({ type }) => type !== 'directory').length,
    bytes: entries.reduce((sum, { size = 0 }) => sum + size, 0),
  };
}

function factsOfManifest(manifest: Manifest): Facts {
  const { deployment_id, project_id, user_id, branch, commit } = manifest;
  const { sha256, digest, archive_bytes, files, bytes } = manifest;
  return {
    ...{ deployment_id, project_id, user_id, branch, commit },
    ...{ sha256, digest, archive_bytes, files, bytes },
  };
}

function factsOfRecord(record: RecordFields): Facts {
  const { deployment, project, user, branch, commit, artifact } = record;
  const { sha256, digest, archiveBytes, files, bytes } = artifact ?? {};
  return {
    ...{ deployment_id: deployment, project_id: project, user_id: user, branch, commit },
    ...{ sha256, digest, archive_bytes: archiveBytes, files, bytes },
  };
}

function notesOf(record: JobRecord | undefined, manifest: Manifest | undefined): string[] {
  return [
    ...(record ? [] : ['the record has expired']),
    ...(manifest && !manifest.entries
      ? ['the manifest is of an earlier version, which listed no files']
      : []),
  ];
}
