// Verifies an artifact: reads its archive, and compares that with manifest and record.
import type { ListedEntry } from '../artifact/listing.js';
import { type Manifest, readManifest } from '../artifact/manifest-file.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { type Difference, differences, entryDifferences, type Facts } from './differences.js';
import type { Found } from './find.js';
import { hashOf, openFile } from './open.js';
import { readEntries } from './read-entries.js';
import { absentArtifact, isElsewhere } from './shipped.js';

export interface Verification {
  differences: Difference[];
  /** What could not be compared, and why. */
  notes: string[];
  files: number;
  /** Of all files, unpacked. */
  bytes: number;
}

/**
 * Compares the archive of an artifact with its manifest and its record.
 * @throws KoalaError as Archives.open(): there is nothing to compare
 */
export async function verifyArtifact({ record, ...shipped }: Found): Promise<Verification> {
  const { info, runner } = shipped;
  await using file = await openFile(info.path, shipped);
  const { size: archive_bytes } = await file.stat();
  const sha256 = await hashOf(file);
  if (isElsewhere(runner) && sha256 !== info.sha256) throw absentArtifact(shipped);
  const { entries, broken } = await readEntries(file);
  const manifest = await readManifest(info.manifest);
  const sums = sumsOf(entries);
  const isWhole = broken === undefined;
  const archive = { sha256, archive_bytes, ...(isWhole ? sums : {}) };
  return {
    differences: [
      ...(isWhole ? [] : [{ what: 'cannot be unpacked', archive: broken }]),
      ...differences({
        archive,
        ...(manifest ? { manifest: factsOfManifest(manifest) } : {}),
        ...(record ? { record: factsOfRecord(record) } : {}),
      }),
      ...(manifest ? [] : [{ what: 'manifest', manifest: 'missing, or it cannot be read' }]),
      // Of what cannot be read, nothing is known.
      ...entryDifferences(entries, manifest?.entries ?? entries).filter(
        ({ archive: said }) => isWhole || said !== 'missing',
      ),
    ],
    notes: notesOf(record, manifest),
    ...sums,
  };
}

function sumsOf(entries: ListedEntry[]): { files: number; bytes: number } {
  return {
    files: entries.filter(({ type }) => type !== 'directory').length,
    bytes: entries.reduce((sum, { size = 0 }) => sum + size, 0),
  };
}

function factsOfManifest(manifest: Manifest): Facts {
  const { deployment_id, project_id, user_id, branch, commit } = manifest;
  const { sha256, archive_bytes, files, bytes } = manifest;
  return { deployment_id, project_id, user_id, branch, commit, sha256, archive_bytes, files, bytes };
}

function factsOfRecord(record: RecordFields): Facts {
  const { deployment, project, user, branch, commit, artifact } = record;
  const { sha256, archiveBytes, files, bytes } = artifact ?? {};
  return {
    ...{ deployment_id: deployment, project_id: project, user_id: user, branch, commit },
    ...{ sha256, archive_bytes: archiveBytes, files, bytes },
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
