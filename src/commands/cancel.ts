// koalaci cancel: asks whoever runs a deployment to stop it, and waits until it has.
import { reap } from '../runner/reaper.js';
import { cancelAndWait } from '../store/cancel.js';
import { authenticate, deploymentId, withRedis } from './session.js';

export async function cancel(text: string, flags: { token?: string }): Promise<void> {
  const id = { user: authenticate(flags), deployment: deploymentId(text) };
  await withRedis(async (redis) => {
    // A runner of this machine that died cannot answer: it is cleaned up after first.
    await reap(redis).catch(() => {});
    const status = await cancelAndWait(redis, id);
    process.stderr.write(`${id.deployment} is ${status}\n`);
  });
}
