// Draws records of deployments as text. Pure.
import { describeEnding } from '../job/ending.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import type { JobRecord } from '../job/record.js';
import type { Ending } from '../job/status.js';
import { drawTable, showTime } from './table.js';

/** One deployment, a line a fact. */
export function drawRecord(record: JobRecord): string[] {
  const { artifact, steps = [] } = record;
  const facts: [string, string | undefined][] = [
    ['status', record.status],
    [
      'project',
      `${record.project}, ${record.branch}${record.commit ? ` at ${record.commit.slice(0, 10)}` : ''}`,
    ],
    ['source', record.repo],
    ['created', new Date(record.createdAt).toISOString()],
    ['ended', record.endedAt ? new Date(record.endedAt).toISOString() : undefined],
    [
      'versions',
      [record.node && `node ${record.node}`, record.manager].filter(Boolean).join(', ') || undefined,
    ],
    ['artifact', artifact && `${artifact.path} (${showFiles(artifact.files)}, ${showBytes(artifact.bytes)})`],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value ? [`${name.padEnd(9)} ${value}`] : [])),
    ...steps.map(({ step, startedAt, endedAt, skipped }) => {
      const time = skipped ? 'skipped' : endedAt ? showDuration(endedAt - startedAt) : 'running';
      return `  ${step.padEnd(9)} ${time}`;
    }),
    ...(record.reason ? describeEnding(record as JobRecord & Ending) : []),
  ];
}

/** Many deployments, a line each, under a heading. */
export function drawList(records: JobRecord[]): string[] {
  const rows = records.map((record) => [
    record.deployment,
    record.status + (record.reason && record.reason !== 'canceled' ? `/${record.reason}` : ''),
    record.project,
    record.branch,
    showTime(record.createdAt),
    record.startedAt && record.endedAt ? showDuration(record.endedAt - record.startedAt) : '',
  ]);
  return drawTable([['DEPLOYMENT', 'STATUS', 'PROJECT', 'BRANCH', 'CREATED', 'TOOK'], ...rows]);
}
