// koalaci cancel: asks the runner of a deployment to stop it, and waits until it has stopped.

import { say } from '../ui/print.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function cancel(text: string, flags: Backed): Promise<void> {
  await withDeployment(text, flags, async (backend, id) => {
    const status = await backend.cancel(id);
    say(`${id} is ${status}\n`);
  });
}
