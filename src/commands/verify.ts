// koalaci verify: says whether an artifact is what was signed. Works without Redis and without the engine.
import { open, readFile } from 'node:fs/promises';
import { proofPaths } from '../artifact/paths.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { reusedIn } from '../provenance/reused.js';
import { type Verified, verifyProof } from '../provenance/verify.js';
import { type PublicKey, publicKeysIn } from '../settings/signing-key.js';
import { print, say } from '../ui/print.js';
import type { TokenFlag } from './authenticate.js';
import { type NamedArtifact, namedArtifact } from './named-artifact.js';
import { openSession } from './session.js';
import { trustedKeys } from './signing.js';

export async function verify(what: string, flags: TokenFlag & { key?: string }): Promise<void> {
  const named = await namedArtifact(what, flags);
  const { manifest, objects } = named;
  const keys = flags.key === undefined ? ownKeys() : await keysIn(flags.key);
  const archive = objects === undefined ? named.archive : undefined;
  const verified = await verifyProof({ archive, manifest, ...proofPaths(named) }, keys);
  const { problems, notes } = verified;
  for (const note of notes) say(`koalaci: ${visible(note)}\n`);
  // Of an archive that is as it was signed, the files are.
  const differing = objects !== undefined || problems.length > 0 ? await differingFiles(named) : [];
  const wrong = [...problems, ...differing];
  print(`${(wrong.length > 0 ? wrong : linesOf(named, verified)).map(visible).join('\n')}\n`);
  if (wrong.length === 0) return;
  if (verified.keyId === undefined) say("koalaci: --key FILE trusts another installation's public key\n");
  process.exitCode = 1;
}

function ownKeys(): PublicKey[] {
  const keys = trustedKeys(openSession());
  if (keys.length > 0) return keys;
  throw new KoalaError('bad_input', 'there is no key to verify with', {
    remedy: 'Give the public key of the installation that built it: --key FILE.',
  });
}

async function keysIn(file: string): Promise<PublicKey[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KoalaError('bad_input', `--key ${file}: cannot be read: ${messageOf(cause)}`, { cause });
  });
  const keys = publicKeysIn(text);
  if (keys.length > 0) return keys;
  throw new KoalaError('bad_input', `--key ${file}: has no ed25519 key in PEM`);
}

/** Where the manifest is there: which files are not in the archive as it lists them. */
async function differingFiles({ archive, manifest, objects }: NamedArtifact): Promise<string[]> {
  const [
    { objectDifferences },
    { readEntries },
    { entryDifferences },
    { readManifest },
    { drawDifferences },
  ] = await Promise.all([
    import('../archives/check-objects.js'),
    import('../artifact/read-entries.js'),
    import('../archives/differences.js'),
    import('../artifact/manifest-file.js'),
    import('../ui/artifacts.js'),
  ]);
  const listed = (await readManifest(manifest))?.entries;
  if (!listed) return [];
  if (objects !== undefined) return drawDifferences(await objectDifferences(objects, listed));
  const { entries, broken } = await readEntries(await open(archive));
  if (broken) return [`${archive}: cannot be unpacked: ${broken}`];
  return drawDifferences(entryDifferences(entries, listed));
}

function linesOf(
  { archive, manifest, objects }: NamedArtifact,
  { statement, keyId = '' }: Verified,
): string[] {
  const { buildDefinition, runDetails } = statement.predicate;
  const { externalParameters: asked, resolvedDependencies } = buildDefinition;
  const [source] = resolvedDependencies;
  const reused = reusedIn(statement);
  return [
    `${objects === undefined ? archive : manifest} is what koalaci built and signed`,
    `  source   ${source?.uri} ${buildDefinition.internalParameters.branch} at ${source?.digest?.gitCommit}`,
    `  command  ${asked.project_build_command || '(none)'}`,
    reused === undefined ? `  built    ${runDetails.metadata.finishedOn}` : `  reused   ${reused}`,
    `  key      ${keyId}`,
  ];
}
