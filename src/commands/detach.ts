// koalaci run --detach: queues a job instead of building it here.

import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { Payload } from '../job/payload.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { enqueue } from '../queue/intake.js';
import { openJobsQueue } from '../queue/jobs-queue.js';
import { localSource } from '../runner/local-source.js';
import { print, say } from '../ui/print.js';
import { secretOf } from './authenticate.js';
import { intakeOf } from './build-settings.js';
import { withRedis } from './redis.js';
import type { Session } from './session.js';

export async function detach(
  session: Session,
  user: UserId,
  payload: Payload,
  flags: { json?: boolean; output?: string },
): Promise<void> {
  if (flags.output !== undefined) {
    throw new KoalaError('bad_input', '--output: does not go with --detach', {
      remedy: "The worker's machine has the artifact, in its data directory; the record names it.",
    });
  }
  // Resolve a relative path here: the worker has another working directory.
  const local = await localSource(payload.project_repo_url);
  await withRedis(session, async (redis) => {
    const queue = openJobsQueue(redis);
    const intake = intakeOf(session, { redis, queue, secret: secretOf(session) });
    const asked = local ? { ...payload, project_repo_url: local.path } : payload;
    const record = await enqueue(intake, user, asked);
    await queue.close();
    if (flags.json) print(`${printableJson(publicJson(record))}\n`);
    else say(`${record.deployment} is ${record.status}\n`);
  });
}
