// Verifies an artifact by what was signed of it: offline, without engine and Redis.
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { digestOf } from '../artifact/listing.js';
import { listDigest, readHead } from '../artifact/manifest-file.js';
import { fileSha256 } from '../artifact/sha256.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';
import type { PublicKey } from '../settings/signing-key.js';
import { signerOf } from './dsse.js';
import { readEnvelope, statementIn } from './read.js';
import { commitIn, type Statement, subjectDigest } from './statement.js';

export interface Verified {
  statement: Statement;
  /** The id of the key that signed it; undefined if that is none of those that are trusted. */
  keyId: string | undefined;
  /** What is not as it was signed, a sentence each. */
  problems: string[];
  /** What could not be compared. */
  notes: string[];
}

/** Where all lies; `archive` is undefined where the artifact is kept without one. */
export interface ProofFiles {
  archive: string | undefined;
  manifest: string;
  provenance: string;
}

/**
 * Compares archive and manifest with what one of the keys has signed.
 * @throws KoalaError `not_found` when there is no archive or no provenance; `bad_input` when that is something else
 */
export async function verifyProof(
  { archive, manifest, provenance }: ProofFiles,
  keys: PublicKey[],
): Promise<Verified> {
  const envelope = await readEnvelope(provenance);
  const statement = statementIn(envelope, provenance);
  const keyId = signerOf(envelope, keys)?.id;
  const hint = envelope.signatures[0]?.keyid ?? 'no key that it names';
  const isManifestThere = existsSync(manifest);
  return {
    statement,
    keyId,
    problems: [
      ...(keyId === undefined
        ? [`${provenance}: not signed by a key that is trusted here, but by ${hint}`]
        : []),
      ...(archive === undefined ? [] : await archiveProblems(archive, statement)),
      ...(isManifestThere ? await manifestProblems(manifest, statement) : []),
    ],
    notes: isManifestThere ? [] : [`${manifest} is not there, so the list of files was not compared`],
  };
}

async function archiveProblems(archive: string, statement: Statement): Promise<string[]> {
  const signed = subjectDigest(statement, 'archive');
  if (signed === undefined) return contentProblems(archive, statement);
  const found = await hashOf(archive);
  return found === signed ? [] : [`${archive}: has the sha256 ${found}, but what was signed has ${signed}`];
}

/** Of an archive that was made when somebody asked for it, the list of what is in it was signed. */
async function contentProblems(archive: string, statement: Statement): Promise<string[]> {
  const { readEntries } = await import('../artifact/read-entries.js');
  const { entries, broken } = await readEntries(await openArchive(archive));
  if (broken !== undefined) return [`${archive}: cannot be unpacked: ${broken}`];
  const isIt = digestOf(entries) === subjectDigest(statement, 'entries');
  return isIt ? [] : [`${archive}: has other files than what was signed`];
}

async function manifestProblems(manifest: string, statement: Statement): Promise<string[]> {
  const [head, digest] = await Promise.all([readHead(manifest), listDigest(manifest).catch(messageOf)]);
  if (!head) return [`${manifest}: cannot be read`];
  const { externalParameters: asked, internalParameters: own } = statement.predicate.buildDefinition;
  const signed = {
    deployment_id: asked.deployment_id,
    project_id: asked.project_id,
    user_id: own.user_id,
    branch: own.branch,
    commit: commitIn(statement),
    sha256: subjectDigest(statement, 'archive'),
    digest: subjectDigest(statement, 'entries'),
  };
  const names = Object.keys(signed) as (keyof typeof signed)[];
  return [
    ...names
      .filter((name) => (head[name] ?? '') !== (signed[name] ?? ''))
      .map((name) => `${manifest}: says ${name} ${head[name]}, but what was signed says ${signed[name]}`),
    ...(digest === subjectDigest(statement, 'entries')
      ? []
      : [`${manifest}: its list of files is not the one that was signed`]),
  ];
}

async function hashOf(file: string): Promise<string> {
  return fileSha256(file).catch((cause) => unreadable(file, cause));
}

function openArchive(file: string): Promise<FileHandle> {
  return open(file).catch((cause) => unreadable(file, cause));
}

function unreadable(file: string, cause: unknown): never {
  throw new KoalaError('not_found', `the archive ${file} cannot be read: ${systemWords(cause)}`, { cause });
}
