// koalaci rerun: builds the job of a deployment again, under a new id.

import { KoalaError } from '../job/errors.js';
import { parseRerunWish, type RerunWish, rerunPayload } from '../queue/rerun.js';
import { say } from '../ui/print.js';
import { authenticate, findSecret } from './authenticate.js';
import { deploymentOf } from './backend/open.js';
import { serviceOf } from './named-service.js';
import { withRedis } from './redis.js';
import { type QueueFlags, runQueued } from './run-queued.js';
import { openSession } from './session.js';

interface RerunFlags extends QueueFlags {
  as?: string;
  commit?: string;
  latest?: boolean;
  /** How commander gives --no-cache: true without the flag, false with it. */
  cache?: boolean;
}

/** As `koalaci run` would: here and now, or by a service, or from the queue. */
export async function rerun(text: string, flags: RerunFlags): Promise<void> {
  const session = openSession();
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  const isElsewhere = serviceOf(session, flags) !== undefined;
  const user = isElsewhere ? undefined : authenticate(session, flags);
  const deployment = deploymentOf(text);
  const wish = wishOf(flags);
  if (user === undefined || flags.detach || flags.wait)
    return runQueued(session, flags, (backend) => backend.rerun(deployment, wish));
  const secret = findSecret(session) ?? '';
  const payload = await withRedis(session, (redis) =>
    rerunPayload(redis, { user, deployment }, { secret, wish }),
  );
  say(`koalaci: builds ${deployment} again, as ${payload.deployment_id}\n`);
  const { runHere } = await import('./run-here.js');
  return runHere(session, { user, payload, flags });
}

function wishOf({ as, commit, latest, cache }: RerunFlags): RerunWish {
  return parseRerunWish({
    ...(as === undefined ? {} : { deployment_id: as }),
    ...(commit === undefined ? {} : { project_commit: commit }),
    ...(latest ? { latest } : {}),
    ...(cache === false ? { cache: 'ignore' } : {}),
  });
}
