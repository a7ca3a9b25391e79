// koalaci list: lists the user's deployments, newest first.

import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { parseCount } from '../job/quantity.js';
import { list as listJobs } from '../store/jobs.js';
import { print } from '../ui/print.js';
import { drawList } from '../ui/records.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function list(flags: TokenFlag & { json?: boolean; limit: string }): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const most = parseCount('--limit', flags.limit);
  const records = await withRedis(session, (redis) => listJobs(redis, user, most));
  print(
    flags.json
      ? `${printableJson(records.map((record) => publicJson(record)))}\n`
      : `${drawList(records).join('\n')}\n`,
  );
}
