// What was said of an artifact after it was published: its provenance and its SBOM.
import { readFile } from 'node:fs/promises';
import { identityOf } from '../artifact/identity.js';
import { proofPaths } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import { readEnvelope, statementIn } from '../provenance/read.js';
import { type Statement, subjectDigest } from '../provenance/statement.js';
import { absentArtifact, isElsewhere, type Shipped } from './shipped.js';

/**
 * The envelope of the signed statement about an artifact, as it lies on the disk.
 * @throws KoalaError `not_found` when it is not there (yet); `conflict` when the artifact lies on another machine
 */
export async function provenanceOf(shipped: Shipped): Promise<string> {
  const { provenance } = proofPaths({ archive: shipped.info.path });
  const isIt = await readEnvelope(provenance)
    .then((envelope) => isAbout(statementIn(envelope, provenance), shipped))
    .catch(() => false);
  if (!isIt) throw notMade('provenance', shipped);
  return readFile(provenance, 'utf8');
}

/** The same for the bill of materials. */
export async function sbomOfArtifact(shipped: Shipped): Promise<string> {
  const text = await readFile(proofPaths({ archive: shipped.info.path }).sbom, 'utf8').catch(() => '');
  if (!isOf(text, shipped)) throw notMade('SBOM', shipped);
  return text;
}

/** Without an archive, the artifact is known by its list. */
function isAbout(statement: Statement, { info: { sha256, digest } }: Shipped): boolean {
  return sha256 === undefined
    ? subjectDigest(statement, 'entries') === digest
    : subjectDigest(statement, 'archive') === sha256;
}

/** Another build may have been published under the same name, here or on another machine. */
function isOf(text: string, { info }: Shipped): boolean {
  try {
    const { metadata } = JSON.parse(text) as { metadata: { component: { hashes: { content: string }[] } } };
    return metadata.component.hashes.some(({ content }) => content === identityOf(info));
  } catch {
    return false;
  }
}

function notMade(what: string, shipped: Shipped): KoalaError {
  if (isElsewhere(shipped.runner)) return absentArtifact(shipped);
  const { deployment } = shipped;
  return new KoalaError('not_found', `there is no ${what} of deployment ${deployment} here`, {
    remedy: `It is made within seconds after READY.${what === 'SBOM' ? '' : ' "koalaci doctor" says whether there is a key to sign with.'}`,
  });
}
