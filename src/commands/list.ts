// koalaci list: lists the user's deployments, newest first.

import { parseJobFilter } from '../job/job-filter.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { parseCount } from '../job/quantity.js';
import type { JobRecord } from '../job/record.js';
import type { JobPage, PageQuestion } from '../store/job-pages.js';
import { print, say } from '../ui/print.js';
import { drawList, listView } from '../ui/records.js';
import type { Backend } from './backend/backend.js';
import { withBackend } from './backend/open.js';
import type { Backed } from './named-service.js';

interface ListFlags extends Backed {
  project?: string;
  branch?: string;
  status?: string;
  limit: string;
  cursor?: string;
  json?: boolean;
}

/** Services give out no more at once. */
const MOST_AT_ONCE = 1_000;

export async function list(flags: ListFlags): Promise<void> {
  const filter = parseJobFilter(flags, (field) => `--${field}`);
  const limit = parseCount('--limit', flags.limit);
  const { cursor } = flags;
  const { records, next, isOfAll } = await withBackend(flags, async (backend) => ({
    ...(await pages(backend, { filter, limit, cursor })),
    isOfAll: backend.seesAll,
  }));
  if (flags.json) print(`${printableJson(records.map((record) => publicJson(record)))}\n`);
  else print(`${drawList(records, { ...listView(), isOfAll }).join('\n')}\n`);
  if (next !== undefined) say(`older ones: --cursor ${next}\n`);
}

/** A page may be shorter than asked for, and have a next one. */
async function pages(backend: Backend, { filter, limit, cursor: first }: PageQuestion): Promise<JobPage> {
  const records: JobRecord[] = [];
  let cursor = first;
  do {
    const most = Math.min(limit - records.length, MOST_AT_ONCE);
    const page = await backend.page({ filter, limit: most, cursor });
    records.push(...page.records);
    cursor = page.next;
  } while (cursor !== undefined && records.length < limit);
  return { records, ...(cursor === undefined ? {} : { next: cursor }) };
}
