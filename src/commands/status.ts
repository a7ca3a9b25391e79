// koalaci status: what is known of a deployment.
import { recordJson } from '../job/record.js';
import { load } from '../store/jobs.js';
import { drawRecord } from '../ui/records.js';
import { authenticate, deploymentId, withRedis } from './session.js';

export async function status(text: string, flags: { json?: boolean; token?: string }): Promise<void> {
  const id = { user: authenticate(flags), deployment: deploymentId(text) };
  const record = await withRedis((redis) => load(redis, id));
  process.stdout.write(
    flags.json ? `${JSON.stringify(recordJson(record))}\n` : `${drawRecord(record).join('\n')}\n`,
  );
}
