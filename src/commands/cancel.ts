// koalaci cancel: asks the runner of a deployment to stop it, and waits until it has stopped.

import { reap } from '../runner/reaper.js';
import { cancelAndWait } from '../store/cancel.js';
import { say } from '../ui/print.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { installationOf, openSession } from './session.js';

export async function cancel(text: string, flags: TokenFlag): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  await withRedis(session, async (redis) => {
    // A dead runner cannot answer: first remove the containers that it left on this machine.
    await reap(redis, installationOf(session)).catch(() => {});
    const status = await cancelAndWait(redis, id);
    say(`${id.deployment} is ${status}\n`);
  });
}
