// Looks whether records, logs, artifacts, manifests and objects of this machine agree: reads all of them.
import { existsSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { Finding } from '../doctor/finding.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { formatJobId, type JobId } from '../job/identity.js';
import { showBytes } from '../job/quantity.js';
import { allRecords, logsAlone } from '../store/all-records.js';
import { load, unlessNotFound } from '../store/jobs.js';
import { logKey } from '../store/keys.js';
import { infoOf } from './find.js';
import { pruneObjects } from './prune-objects.js';
import { isElsewhere } from './shipped.js';
import type { JudgedArchive } from './standing.js';
import { survey } from './survey.js';
import { verifyArtifact } from './verify.js';

const GARBAGE = '"koalaci artifacts prune" removes it.';
const AGAIN = 'Run the job again: it writes all of that anew.';

/** What does not agree, each with its remedy; and of what agrees, how much there is. */
export async function deepCheck(redis: Redis, artifacts: ArtifactDirectory): Promise<Finding[]> {
  const stored = await survey(redis, artifacts);
  return [
    ...(await lookAt('artifacts', () => artifactFindings(redis, artifacts, stored))),
    ...(await lookAt('records', () => recordFindings(redis))),
    ...(await lookAt('logs', () => logFindings(redis))),
    ...(await lookAt('objects', () => objectFindings(artifacts))),
  ];
}

/** Findings of one kind; if there are none, `found` says how much was looked at. */
async function lookAt(
  check: string,
  look: () => Promise<{ wrong: Omit<Finding, 'check'>[]; found: string }>,
): Promise<Finding[]> {
  try {
    const { wrong, found } = await look();
    if (wrong.length > 0) return wrong.map((one) => ({ check, ...one }));
    return [{ check, level: 'ok', found }];
  } catch (error) {
    return [{ check, level: 'error', found: messageOf(error) }];
  }
}

async function artifactFindings(redis: Redis, artifacts: ArtifactDirectory, stored: JudgedArchive[]) {
  const whole = new Set<string>();
  const wrong: Omit<Finding, 'check'>[] = [];
  for (const one of stored) {
    if (one.standing === 'held') continue;
    if (one.standing === 'ready') wrong.push(...(await contentFindings(redis, artifacts, one, whole)));
    else wrong.push(garbage(one));
  }
  return { wrong, found: `${stored.length} are what was shipped` };
}

/** What of an artifact is not as it was shipped. */
async function contentFindings(
  redis: Redis,
  artifacts: ArtifactDirectory,
  one: JudgedArchive,
  whole: Set<string>,
): Promise<Omit<Finding, 'check'>[]> {
  const name = nameOf(one);
  const info = one.described?.info ?? infoOf(one);
  if (!info) return [{ level: 'error', found: `${name} has no manifest that can be read`, remedy: AGAIN }];
  // What the record says counts only where it names this very artifact.
  const record = one.described ? await load(redis, one).catch(unlessNotFound) : undefined;
  const isOfRecord = one.described?.field === 'artifact';
  const found = { ...one, info, runner: undefined, record: isOfRecord ? record : undefined };
  try {
    const { differences } = await verifyArtifact(found, artifacts, whole);
    const [first] = differences;
    if (!first) return [];
    const more = differences.length === 1 ? '' : `, and ${differences.length - 1} more`;
    const what = `${first.path === undefined ? '' : `${first.path}: `}${first.what}${more}`;
    return [{ level: 'error', found: `${name} is not as it was shipped (${what})`, remedy: AGAIN }];
  } catch (error) {
    if (!(error instanceof KoalaError)) throw error;
    return [{ level: 'error', found: `${name}: ${error.message}`, remedy: error.remedy ?? AGAIN }];
  }
}

function garbage(one: JudgedArchive): Omit<Finding, 'check'> {
  return { level: 'warning', found: `${nameOf(one)} is left of a build or a removal`, remedy: GARBAGE };
}

/** READY records of this machine that name what is not there. */
async function recordFindings(redis: Redis) {
  const wrong: Omit<Finding, 'check'>[] = [];
  let count = 0;
  for await (const record of allRecords(redis)) {
    count++;
    if (record.status !== 'READY' || isElsewhere(record.runner)) continue;
    const { manifest, removedAt } = record.artifact;
    if (removedAt !== undefined || existsSync(manifest)) continue;
    const found = `${nameOf(record)} is READY, and its artifact is not there`;
    wrong.push({ level: 'error', found, remedy: AGAIN });
  }
  return { wrong, found: `${count}, and what they name is there` };
}

async function logFindings(redis: Redis) {
  const wrong: Omit<Finding, 'check'>[] = [];
  for await (const id of logsAlone(redis)) {
    const remedy = `redis-cli unlink ${logKey(id)}`;
    wrong.push({ level: 'warning', found: `${nameOf(id)} has a log and no record`, remedy });
  }
  return { wrong, found: 'each is of a record' };
}

/** What no artifact has is no fault. */
async function objectFindings(artifacts: ArtifactDirectory) {
  const { objects, bytes, failure } = await pruneObjects({ artifacts, dryRun: true, ageMs: 0 });
  if (failure !== undefined) throw failure;
  const found = `${objects} (${showBytes(bytes)}) are of no artifact; a prune removes them an hour after they were last needed`;
  return { wrong: [], found };
}

const nameOf = ({ user, deployment }: JobId) => formatJobId({ user, deployment });
