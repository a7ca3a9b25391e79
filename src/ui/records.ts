// Draws records of deployments as text. Pure.
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { rfc3339 } from '../job/public-json.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import {
  type ArtifactInfo,
  hasEnded,
  type JobRecord,
  type RecordFields,
  type ReleaseInfo,
  type UploadInfo,
} from '../job/record.js';
import { type Column, drawColumns } from './columns.js';
import { outputPaint, type Paint } from './paint.js';
import { showStatus } from './status.js';
import { whereItWaits } from './waiting.js';
import { showAge, showRunning } from './words.js';

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
  }: RecordFields = record;
  const waits = record.status === 'QUEUED' ? whereItWaits(record).join('; ') : undefined;
  const facts: [string, string | undefined][] = [
    ['status', record.status],
    ['waits', waits],
    ['project', `${record.project}, ${record.branch}${commit ? ` at ${commit.slice(0, 10)}` : ''}`],
    ['source', record.repo],
    ['created', rfc3339(record.createdAt)],
    ['ended', endedAt === undefined ? undefined : rfc3339(endedAt)],
    ['versions', [node && `node ${node}`, manager].filter(Boolean).join(', ') || undefined],
    ['artifact', artifact && place(artifact, record.deployment)],
    ...releases.map((one): [string, string] => ['released', released(one)]),
    ['upload', upload && uploadOf(upload)],
    ['artifact', lastArtifact && `${place(lastArtifact)}, of the last build that was READY`],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${visible(value)}`] : [])),
    ...steps.map(({ step, startedAt, endedAt, skipped }) => {
      const open = hasEnded(record) ? 'not ended' : 'running';
      const time = skipped ? 'skipped' : endedAt ? showDuration(endedAt - startedAt) : open;
      return `  ${step.padEnd(9)} ${time}`;
    }),
    ...('reason' in record ? describeEnding(record, record.deployment).map(visible) : []),
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

/** Where the artifact of a deployment is. A service does not say where on its machine that is: then what to type to get it. */
export function whereIs(artifact: ArtifactInfo, deployment: string): string {
  return fileOf(artifact) || `koalaci artifacts get ${deployment}`;
}

/** The file that is on the disk: the archive, or the manifest where the archive is made when somebody asks for it. */
function fileOf({ path = '', manifest = '', madeOnDemand }: Partial<ArtifactInfo>): string {
  return madeOnDemand ? manifest : path;
}

/** What is said of an artifact; what to type to get it only where a deployment is given. */
function place(artifact: ArtifactInfo, deployment?: string): string {
  const { files, bytes, removedAt, removedWhy } = artifact;
  const isHad = deployment !== undefined && removedAt === undefined;
  const where = isHad ? whereIs(artifact, deployment) : fileOf(artifact);
  const what = `${where} (${showFiles(files)}, ${showBytes(bytes)})`.trim();
  return removedAt === undefined ? what : `${what}, removed at ${rfc3339(removedAt)}: ${removedWhy}`;
}

/** How a list is to be drawn. */
export interface ListView {
  /** Names are shortened to fit; without end where nobody looks at a terminal. */
  columns: number;
  now: number;
  paint: Paint;
  /** Whether it has the deployments of all users, so that whose they are is to be seen. */
  isOfAll?: boolean;
}

/** What a list is drawn for: standard output. */
export function listView(): ListView {
  const { stdout } = process;
  const columns = stdout.isTTY && stdout.columns > 0 ? stdout.columns : Number.POSITIVE_INFINITY;
  return { columns, now: Date.now(), paint: outputPaint };
}

const USER_HEADING = 'USER';
const LIST_HEADING = ['DEPLOYMENT', 'STATUS', 'PROJECT', 'BRANCH', 'AGE', 'TOOK'];
const LIST_COLUMNS: Column[] = [{ shrinks: true }, {}, { shrinks: true }, { shrinks: true }, {}, {}];

/** Many deployments, one line each, under a heading. */
export function drawList(records: JobRecord[], view: ListView = listView()): string[] {
  const { columns, now, paint, isOfAll = false } = view;
  const whose = (user: string) => (isOfAll ? [user] : []);
  const rows = records.map((record) => [
    ...whose(visible(record.user)),
    record.deployment,
    showStatus(record, paint),
    visible(record.project),
    visible(record.branch),
    showAge(now - record.createdAt),
    tookOf(record, now),
  ]);
  const widths = isOfAll ? [{ shrinks: true }, ...LIST_COLUMNS] : LIST_COLUMNS;
  const all = [[...whose(USER_HEADING), ...LIST_HEADING], ...rows];
  const [heading = '', ...lines] = drawColumns(all, widths, columns);
  return [paint.dim(heading), ...lines];
}

/** How long the build took, or takes until now; empty if it has not started. */
function tookOf(record: JobRecord, now: number): string {
  const { startedAt, endedAt }: RecordFields = record;
  if (startedAt === undefined) return '';
  return endedAt === undefined ? showRunning(now - startedAt) : showDuration(endedAt - startedAt);
}
