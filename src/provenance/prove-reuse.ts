// Says of an artifact that an earlier build has made what it was built from: what was said of that build, as far as this
// installation has signed it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { identityOf } from '../artifact/identity.js';
import { listDigest } from '../artifact/manifest-file.js';
import { type ArtifactPaths, proofPaths } from '../artifact/paths.js';
import { bytesSha256 } from '../artifact/sha256.js';
import { type PublicKey, privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import { seal, signerOf } from './dsse.js';
import { place } from './place.js';
import type { ProofOptions } from './prove.js';
import { readEnvelope, statementIn } from './read.js';
import { type FirstBuild, type Reuse, statementOfReuse } from './reused.js';
import { resourceOfSbom, sbomAgain } from './sbom.js';
import { PAYLOAD_TYPE, subjectDigest } from './statement.js';

/** What the runner knows of a job that got the artifact of an earlier build. */
export interface ReuseProofTask {
  paths: ArtifactPaths;
  /** The earlier build. */
  reused: { deployment: string; paths: ArtifactPaths };
  built: Omit<Reuse, 'first' | 'entries' | 'sbom' | 'keyId' | 'version'>;
}

/** The earlier build may have ended just now: of it, too, all is said a little later. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/** Writes SBOM and statement of the job. Without the statement of the earlier build there is none. */
export async function proveReuse(
  task: ReuseProofTask,
  options: ProofOptions & { trusted: PublicKey[] },
): Promise<void> {
  const { paths, built, reused } = task;
  const [own, before] = [proofPaths(paths), proofPaths(reused.paths)];
  const where = { paths, built, partialIn: options.partialIn };
  const last = options.signingKey ? before.provenance : before.sbom;
  if (!(await isThereInTime(last))) return options.say(`there is no ${last}, so nothing is said of this one`);
  const first = await firstBuild(task, options);
  const bill = await sbomOfFirst(before.sbom, task, first, options.version);
  await place(own.sbom, bill, where);
  if (!first || !options.signingKey) return;
  const key = privateKeyOf(options.signingKey);
  const { id } = publicKeyOf(key);
  const statement = statementOfReuse({
    ...built,
    ...{ first, entries: await listDigest(paths.manifest), sbom: resourceOfSbom(bill) },
    ...{ keyId: id, version: options.version },
  });
  const envelope = seal(PAYLOAD_TYPE, JSON.stringify(statement), { id, key });
  await place(own.provenance, `${JSON.stringify(envelope)}\n`, where);
}

/**
 * What was said of the earlier build; undefined where nothing is signed.
 * @throws Error if that is of another artifact, or nobody's who is trusted
 */
async function firstBuild(
  { paths, reused, built }: ReuseProofTask,
  { signingKey, trusted }: { signingKey: string | undefined; trusted: PublicKey[] },
): Promise<FirstBuild | undefined> {
  if (!signingKey) return undefined;
  const { provenance } = proofPaths(reused.paths);
  const envelope = await readEnvelope(provenance);
  const statement = statementIn(envelope, provenance);
  const isOfIt =
    isAlike(subjectDigest(statement, 'archive'), built.artifact.sha256) &&
    subjectDigest(statement, 'entries') === (await listDigest(paths.manifest));
  if (!isOfIt) throw new Error(`${provenance} is about another artifact`);
  if (!signerOf(envelope, trusted))
    throw new Error(`${provenance} is not signed by a key that is trusted here`);
  return { deployment: reused.deployment, statement, sha256: bytesSha256(await readFile(provenance)) };
}

/** Its packages are those with which the artifact was made. */
async function sbomOfFirst(
  file: string,
  { built }: ReuseProofTask,
  first: FirstBuild | undefined,
  version: string,
): Promise<string> {
  const text = await readFile(file, 'utf8');
  const { byproducts } = first?.statement.predicate.runDetails ?? {};
  const signed = byproducts?.find(({ name }) => name === resourceOfSbom(text).name)?.digest?.sha256;
  if (signed !== undefined && signed !== bytesSha256(text))
    throw new Error(`${file} is not the one that was signed`);
  return sbomAgain(text, { ...built, identity: identityOf(built.artifact), version, time: built.endedAt });
}

async function isThereInTime(file: string): Promise<boolean> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await setTimeout(PAUSE_MS)) {
    if (existsSync(file)) return true;
    if (performance.now() > deadline) return false;
  }
}

/** The hash of an archive is not known where it is made when somebody asks for it. */
function isAlike(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
