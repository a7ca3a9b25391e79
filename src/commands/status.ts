// koalaci status: shows a deployment.

import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { load } from '../store/jobs.js';
import { print } from '../ui/print.js';
import { drawRecord } from '../ui/records.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function status(text: string, flags: TokenFlag & { json?: boolean }): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  const record = await withRedis(session, (redis) => load(redis, id));
  print(flags.json ? `${printableJson(publicJson(record))}\n` : `${drawRecord(record).join('\n')}\n`);
}
