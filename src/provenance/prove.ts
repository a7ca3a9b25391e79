// Says of an artifact what it was built from: writes its SBOM and its signed statement beside the archive.
import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { listDigest, readHead } from '../artifact/manifest-file.js';
import { type ArtifactPaths, proofPaths } from '../artifact/paths.js';
import { messageOf } from '../job/errors.js';
import { privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import type { Dependency } from './dependency.js';
import { seal } from './dsse.js';
import { readLockfile } from './lockfiles/read.js';
import { SBOM_TYPE, sbomOf } from './sbom.js';
import { type Built, PAYLOAD_TYPE, type Resource, statementOf } from './statement.js';

/** What the runner knows of a build. */
export interface ProofTask {
  paths: ArtifactPaths;
  lockfile?: { path: string; flavour: string };
  built: Pick<Built, 'parameters' | 'internal' | 'commit' | 'artifact' | 'attempt' | 'startedAt' | 'endedAt'>;
}

export interface ProofOptions {
  /** As settings have it; without one, there is no statement. */
  signingKey: string | undefined;
  /** Of koalaci. */
  version: string;
  /** The name of a new file in a directory, which is removed once nobody writes it any more. */
  partialIn: (directory: string) => string;
  /** Hears what could not be said, and why. */
  say: (line: string) => void;
}

/** Writes both files, unless another build has published under that name since. `lockfile` is a stranger's text. */
export async function prove(task: ProofTask, lockfile: Buffer, options: ProofOptions): Promise<void> {
  const { paths, built } = task;
  const { provenance, sbom } = proofPaths(paths);
  const dependencies = dependenciesIn(task, lockfile, options);
  const bill = sbomOf({
    ...{ deployment: built.parameters.deployment_id, project: built.parameters.project_id },
    ...{ commit: built.commit, sha256: built.artifact.sha256, dependencies },
    ...{ version: options.version, time: built.endedAt },
  });
  const envelope = await envelopeOf(task, { lockfile, dependencies, bill }, options);
  await place(task, sbom, bill, options);
  if (envelope) await place(task, provenance, envelope, options);
}

function dependenciesIn({ lockfile }: ProofTask, text: Buffer, { say }: ProofOptions): Dependency[] {
  if (!lockfile) return [];
  try {
    return readLockfile(lockfile.flavour, lockfile.path, text.toString());
  } catch (error) {
    say(`${lockfile.path} cannot be read: ${messageOf(error)}`);
    return [];
  }
}

async function envelopeOf(
  { paths, built, lockfile }: ProofTask,
  read: { lockfile: Buffer; dependencies: Dependency[]; bill: string },
  { signingKey, version }: ProofOptions,
): Promise<string | undefined> {
  if (!signingKey) return undefined;
  const key = privateKeyOf(signingKey);
  const { id } = publicKeyOf(key);
  const statement = statementOf({
    ...built,
    entries: await listDigest(paths.manifest),
    ...(lockfile ? { lockfile: { path: lockfile.path, sha256: sha256(read.lockfile) } } : {}),
    dependencies: read.dependencies,
    sbom: sbomResource(read.bill),
    ...{ keyId: id, version },
  });
  return `${JSON.stringify(seal(PAYLOAD_TYPE, JSON.stringify(statement), { id, key }))}\n`;
}

function sbomResource(bill: string): Resource {
  return { name: 'sbom', digest: { sha256: sha256(bill) }, mediaType: SBOM_TYPE };
}

/** Writes a file under another name first. Looks and renames at once: another build may publish meanwhile. */
async function place(
  { paths, built }: ProofTask,
  file: string,
  text: string,
  { partialIn }: ProofOptions,
): Promise<void> {
  const partial = partialIn(dirname(file));
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    const head = await readHead(paths.manifest);
    if (head?.sha256 === built.artifact.sha256) renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
