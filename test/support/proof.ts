// What is said of artifacts, in tests.
import { readFile, writeFile } from 'node:fs/promises';
import { type ArtifactPaths, proofPaths } from '../../src/artifact/paths.js';
import { parsePayload } from '../../src/job/payload.js';
import type { ArtifactInfo, RecordFields } from '../../src/job/record.js';
import { type Envelope, textIn } from '../../src/provenance/dsse.js';
import { parametersOf } from '../../src/provenance/parameters.js';
import { prove } from '../../src/provenance/prove.js';
import { proveReuse } from '../../src/provenance/prove-reuse.js';
import type { Statement } from '../../src/provenance/statement.js';
import { privateKeyOf, publicKeyOf } from '../../src/settings/signing-key.js';
import type { Koalaci } from './koalaci.js';
import { payloadOf } from './payload.js';
import { isThere } from './shipped.js';
import { until } from './until.js';

export const LOCKFILE = JSON.stringify({
  packages: { 'node_modules/ms': { version: '2.1.3', integrity: 'sha512-AAAA' } },
});

/** Says of a shipped artifact what a build would. */
export async function proveShipped(
  record: RecordFields,
  info: ArtifactInfo,
  signingKey: string,
): Promise<void> {
  const { paths, built } = aboutShipped(record, info);
  const task = {
    ...{ paths, lockfile: { path: 'package-lock.json', flavour: 'npm' } },
    built: { ...built, internal: { ...built.internal, builder_image: 'sha256:0' } },
  };
  await prove(task, Buffer.from(LOCKFILE), { ...OPTIONS, signingKey, say: () => {} });
}

/** Says of a shipped artifact what a job would that has it from an earlier build. Returns why not, if not. */
export async function proveReused(
  record: RecordFields,
  info: ArtifactInfo,
  { first, signingKey }: { first: ArtifactInfo; signingKey: string },
): Promise<string> {
  const said: string[] = [];
  const reused = { deployment: 'd1', paths: { archive: first.path, manifest: first.manifest } };
  await proveReuse(
    { ...aboutShipped(record, info), reused },
    {
      ...{ ...OPTIONS, signingKey, trusted: [publicKeyOf(privateKeyOf(signingKey))] },
      say: (line) => said.push(line),
    },
  ).catch((error: Error) => said.push(error.message));
  return said.join('\n');
}

const OPTIONS = { version: '0.0.0', partialIn: (directory: string) => `${directory}/.test.partial` };

function aboutShipped(record: RecordFields, info: ArtifactInfo) {
  const { user, project, deployment, branch, commit = '', attempt, startedAt = 0 } = record;
  const fields = { project_id: project, deployment_id: deployment, project_branch: branch };
  return {
    paths: { archive: info.path, manifest: info.manifest },
    built: {
      parameters: parametersOf(parsePayload(payloadOf(fields))),
      internal: { user_id: user, branch },
      ...{ commit, artifact: info, attempt, startedAt, endedAt: startedAt },
    },
  };
}

/** The statement beside an archive. */
export async function statementBeside({ archive }: Pick<ArtifactPaths, 'archive'>): Promise<Statement> {
  const text = await readFile(proofPaths({ archive }).provenance, 'utf8');
  return JSON.parse(textIn(JSON.parse(text) as Envelope)) as Statement;
}

/** Replaces a text in a file, which has to have it. */
export async function replaceIn(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} does not have ${from}`);
  await writeFile(file, changed);
}

/** Builds a job, and waits until all is said of its artifact. Returns the archive. */
export async function buildProven(
  koalaci: Koalaci,
  repo: string,
  job: Parameters<Koalaci['build']>[1],
  flags: string[] = [],
): Promise<string> {
  const { exitCode, stderr } = await koalaci.build(repo, job, flags);
  if (exitCode !== 0) throw new Error(stderr);
  const archive = koalaci.artifact(job.id);
  await until(() => isThere(proofPaths({ archive }).provenance));
  return archive;
}
