// koalaci cancel: asks whoever runs a deployment to stop it, and waits until it has.
import { reap } from '../runner/reaper.js';
import { cancelAndWait } from '../store/cancel.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function cancel(text: string, flags: TokenFlag): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  await withRedis(session, async (redis) => {
    // A runner of this machine that died cannot answer: it is cleaned up after first.
    await reap(redis).catch(() => {});
    const status = await cancelAndWait(redis, id);
    process.stderr.write(`${id.deployment} is ${status}\n`);
  });
}
