// koalaci list: the user's deployments, newest first.
import { parseCount } from '../job/quantity.js';
import { recordJson } from '../job/record.js';
import { list as listJobs } from '../store/jobs.js';
import { drawList } from '../ui/records.js';
import { authenticate, withRedis } from './session.js';

export async function list(flags: { json?: boolean; limit: string; token?: string }): Promise<void> {
  const user = authenticate(flags);
  const most = parseCount('--limit', flags.limit);
  const records = await withRedis((redis) => listJobs(redis, user, most));
  process.stdout.write(
    flags.json ? `${JSON.stringify(records.map(recordJson))}\n` : `${drawList(records).join('\n')}\n`,
  );
}
