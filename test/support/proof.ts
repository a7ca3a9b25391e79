// What is said of artifacts, in tests.
import { readFile, writeFile } from 'node:fs/promises';
import { type ArtifactPaths, proofPaths } from '../../src/artifact/paths.js';
import { parsePayload } from '../../src/job/payload.js';
import type { ArtifactInfo, RecordFields } from '../../src/job/record.js';
import { type Envelope, textIn } from '../../src/provenance/dsse.js';
import { parametersOf } from '../../src/provenance/parameters.js';
import { prove } from '../../src/provenance/prove.js';
import type { Statement } from '../../src/provenance/statement.js';
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
  const { user, project, deployment, branch, commit = '', attempt, startedAt = 0 } = record;
  const fields = { project_id: project, deployment_id: deployment, project_branch: branch };
  const task = {
    paths: { archive: info.path, manifest: info.manifest },
    lockfile: { path: 'package-lock.json', flavour: 'npm' },
    built: {
      parameters: parametersOf(parsePayload(payloadOf(fields))),
      internal: { user_id: user, branch, builder_image: 'sha256:0' },
      ...{ commit, artifact: { sha256: info.sha256 }, attempt, startedAt, endedAt: startedAt },
    },
  };
  await prove(task, Buffer.from(LOCKFILE), {
    ...{ signingKey, version: '0.0.0', say: () => {} },
    partialIn: (directory) => `${directory}/.test.partial`,
  });
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
