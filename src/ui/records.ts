// Draws records of deployments as text. Pure.
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { rfc3339 } from '../job/public-json.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import type { ArtifactInfo, JobRecord, RecordFields, ReleaseInfo, UploadInfo } from '../job/record.js';
import { drawTable, showTime } from './table.js';

/** One deployment, one fact per line. */
export function drawRecord(record: JobRecord): string[] {
  const {
    artifact,
    lastArtifact,
    releases = [],
    upload,
    steps = [],
    commit,
    endedAt,
    node,
    manager,
    waitsFor,
  }: RecordFields = record;
  const facts: [string, string | undefined][] = [
    ['status', record.status],
    ['waits', waitsFor],
    ['project', `${record.project}, ${record.branch}${commit ? ` at ${commit.slice(0, 10)}` : ''}`],
    ['source', record.repo],
    ['created', rfc3339(record.createdAt)],
    ['ended', endedAt === undefined ? undefined : rfc3339(endedAt)],
    ['versions', [node && `node ${node}`, manager].filter(Boolean).join(', ') || undefined],
    ['artifact', artifact && place(artifact)],
    ...releases.map((one): [string, string] => ['released', released(one)]),
    ['upload', upload && uploadOf(upload)],
    ['artifact', lastArtifact && `${place(lastArtifact)}, of the last build that was READY`],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${visible(value)}`] : [])),
    ...steps.map(({ step, startedAt, endedAt, skipped }) => {
      const time = skipped ? 'skipped' : endedAt ? showDuration(endedAt - startedAt) : 'running';
      return `  ${step.padEnd(9)} ${time}`;
    }),
    ...('reason' in record ? describeEnding(record).map(visible) : []),
  ];
}

function released({ target, place, releasedAt, releasedBy, replacedAt }: ReleaseInfo): string {
  const until = replacedAt === undefined ? '' : `, until ${rfc3339(replacedAt)}`;
  return `${target} from ${place}, at ${rfc3339(releasedAt)} by ${releasedBy}${until}`;
}

function uploadOf({ startedAt, endedAt, message }: UploadInfo): string {
  if (message !== undefined) return `failed: ${message}`;
  return endedAt === undefined ? `since ${rfc3339(startedAt)}` : `done at ${rfc3339(endedAt)}`;
}

/** The file that is on the disk: the archive, or the manifest where the archive is made when somebody asks for it. */
export function fileOf({ path, manifest, madeOnDemand }: ArtifactInfo): string {
  return madeOnDemand ? manifest : path;
}

function place(artifact: ArtifactInfo): string {
  const { files, bytes, removedAt, removedWhy } = artifact;
  const what = `${fileOf(artifact)} (${showFiles(files)}, ${showBytes(bytes)})`;
  return removedAt === undefined ? what : `${what}, removed at ${rfc3339(removedAt)}: ${removedWhy}`;
}

/** Many deployments, one line each, under a heading. */
export function drawList(records: JobRecord[]): string[] {
  const rows = records.map((record) => [
    record.deployment,
    'reason' in record && record.reason !== 'canceled' ? `${record.status}/${record.reason}` : record.status,
    record.project,
    record.branch,
    showTime(record.createdAt),
    tookOf(record),
  ]);
  return drawTable([['DEPLOYMENT', 'STATUS', 'PROJECT', 'BRANCH', 'CREATED', 'TOOK'], ...rows]);
}

/** How long the build took; empty if it has not started or not ended. */
function tookOf(record: JobRecord): string {
  const { startedAt, endedAt }: RecordFields = record;
  return startedAt === undefined || endedAt === undefined ? '' : showDuration(endedAt - startedAt);
}
