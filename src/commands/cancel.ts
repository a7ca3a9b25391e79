// koalaci cancel: asks whoever runs a deployment to stop it, and waits until it has.
import { cancelAndWait } from '../store/cancel.js';
import { authenticate, deploymentId, withRedis } from './context.js';

export async function cancel(text: string, flags: { token?: string }): Promise<void> {
  const id = { user: authenticate(flags), deployment: deploymentId(text) };
  await withRedis(async (redis) => {
    const status = await cancelAndWait(redis, id);
    process.stderr.write(`${id.deployment} is ${status}\n`);
  });
}
