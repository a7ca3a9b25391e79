// koalaci reproduce: builds once more, from nothing, what a statement says of an artifact, and compares.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryDifferences } from '../archives/differences.js';
import { findRemovable } from '../archives/find.js';
import { removeArchive } from '../archives/remove.js';
import { listDigest, readManifest } from '../artifact/manifest-file.js';
import { type ArtifactPaths, artifactPaths, proofPaths } from '../artifact/paths.js';
import { parsePayload } from '../job/payload.js';
import { visible } from '../job/printable.js';
import type { RecordFields } from '../job/record.js';
import { signerOf } from '../provenance/dsse.js';
import { readEnvelope, statementIn } from '../provenance/read.js';
import { type Given, otherTools, payloadAgain } from '../provenance/reproduction.js';
import { type Statement, subjectDigest } from '../provenance/statement.js';
import { newReproduction } from '../runner/job.js';
import { localSource } from '../runner/local-source.js';
import { openScreen } from '../ui/open-screen.js';
import { print, say } from '../ui/print.js';
import { drawReproduction } from '../ui/reproduction.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { buildHere } from './build-here.js';
import { readEnvFile, readKey } from './job-input.js';
import { namedArtifact } from './named-artifact.js';
import { exitCode } from './run-here.js';
import { openSession, type Session } from './session.js';
import { trustedKeys } from './signing.js';

interface Flags extends TokenFlag {
  envFile?: string;
  sshKeyFile?: string;
  repoUrl?: string;
}

export async function reproduce(what: string, flags: Flags): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const shipped = await namedArtifact(what, flags);
  const statement = await readStatement(session, proofPaths(shipped).provenance);
  const payload = parsePayload(payloadAgain(statement, await givenBy(flags)));
  const source = await localSource(payload.project_repo_url);
  const directory = await mkdtemp(join(tmpdir(), 'koalaci-reproduce-'));
  const artifacts = { directory, flat: true, objects: join(directory, 'objects') };
  const job = { user, payload, ...(source ? { localSource: source } : {}) };
  try {
    await buildHere(session, {
      ...{ artifacts, screen: await openScreen() },
      asked: ({ installation }) => newReproduction(installation, job),
      after: async (redis, outcome, built) => {
        process.exitCode = exitCode(outcome);
        if (!built || outcome.kind !== 'ended' || outcome.ending.status !== 'READY') return;
        const { record, base } = built;
        const { node, manager }: RecordFields = outcome.record;
        const { builder, recipe } = base;
        for (const line of otherTools(statement, { node, manager, builder, recipe }))
          say(`koalaci: ${line}\n`);
        await tell(statement, shipped, artifactPaths(artifacts, record));
        await removeArchive(
          redis,
          await findRemovable(redis, artifacts, record),
          'it was made to be compared',
        );
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Anybody's statement is built as anybody's job is. The user hears whose it is not. */
async function readStatement(session: Session, file: string): Promise<Statement> {
  const envelope = await readEnvelope(file);
  if (!signerOf(envelope, trustedKeys(session)))
    say(`koalaci: ${visible(file)} is not signed by a key that is trusted here\n`);
  return statementIn(envelope, file);
}

async function givenBy({ envFile, sshKeyFile, repoUrl }: Flags): Promise<Given> {
  return {
    env: envFile === undefined ? {} : await readEnvFile(envFile),
    ...(sshKeyFile === undefined ? {} : { sshKey: await readKey(sshKeyFile) }),
    ...(repoUrl === undefined ? {} : { repoUrl }),
  };
}

/** Says whether the two are equal: their lists of files are, or they are not. */
async function tell(statement: Statement, shipped: ArtifactPaths, rebuilt: ArtifactPaths): Promise<void> {
  const signed = subjectDigest(statement, 'entries');
  if ((await listDigest(rebuilt.manifest)) === signed) return print('equal\n');
  process.exitCode = 1;
  // The files can only be told where the list is at hand that was signed.
  const isListThere = (await listDigest(shipped.manifest).catch(() => undefined)) === signed;
  if (!isListThere) {
    print('not equal\n');
    return say(
      `koalaci: which files differ is not known: ${visible(shipped.manifest)} is not there, or another one\n`,
    );
  }
  const [now, then] = await Promise.all([rebuilt, shipped].map(({ manifest }) => readManifest(manifest)));
  const found = entryDifferences(now?.entries ?? [], then?.entries ?? []);
  print(`not equal\n${drawReproduction(found).join('\n')}\n`);
}
