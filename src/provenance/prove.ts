// Says of an artifact what it was built from: writes its SBOM and its signed statement beside the archive.
import { identityOf } from '../artifact/identity.js';
import { listDigest } from '../artifact/manifest-file.js';
import { type ArtifactPaths, proofPaths } from '../artifact/paths.js';
import { bytesSha256 } from '../artifact/sha256.js';
import { messageOf } from '../job/errors.js';
import { privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import type { Dependency } from './dependency.js';
import { seal } from './dsse.js';
import { readLockfile } from './lockfiles/read.js';
import { place } from './place.js';
import { resourceOfSbom, sbomOf } from './sbom.js';
import { type Built, PAYLOAD_TYPE, statementOf } from './statement.js';

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
    ...{ commit: built.commit, identity: identityOf(built.artifact), dependencies },
    ...{ version: options.version, time: built.endedAt },
  });
  const envelope = await envelopeOf(task, { lockfile, dependencies, bill }, options);
  const where = { paths, built, partialIn: options.partialIn };
  await place(sbom, bill, where);
  if (envelope) await place(provenance, envelope, where);
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
    ...(lockfile ? { lockfile: { path: lockfile.path, sha256: bytesSha256(read.lockfile) } } : {}),
    dependencies: read.dependencies,
    sbom: resourceOfSbom(read.bill),
    ...{ keyId: id, version },
  });
  return `${JSON.stringify(seal(PAYLOAD_TYPE, JSON.stringify(statement), { id, key }))}\n`;
}
