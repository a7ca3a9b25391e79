// koalaci run: builds a job here and now; or has it built, by a service or from the queue.

import { resolve } from 'node:path';
import { KoalaError } from '../job/errors.js';
import { parsePayload } from '../job/payload.js';
import { isLocalSource } from '../job/rules.js';
import { authenticate } from './authenticate.js';
import { type RunFlags, readJob } from './job-input.js';
import { serviceOf } from './named-service.js';
import { openSession } from './session.js';

export async function run(file: string | undefined, flags: RunFlags): Promise<void> {
  const session = openSession();
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  const isElsewhere = serviceOf(session, flags) !== undefined;
  if (flags.keep && (isElsewhere || flags.detach || flags.wait)) {
    throw new KoalaError('bad_input', '--keep: not for a job that is queued, which another process builds', {
      remedy: 'Set KOALACI_KEEP_FAILED=1 where that runs.',
    });
  }
  const user = isElsewhere ? undefined : authenticate(session, flags);
  const job = await readJob(file, flags, { env: session.env, isElsewhere });
  if (user !== undefined && !flags.detach && !flags.wait) {
    const payload = parsePayload(job);
    const { runHere } = await import('./run-here.js');
    return runHere(session, { user, payload, flags });
  }
  const { runQueued } = await import('./run-queued.js');
  return runQueued(session, flags, (backend) => backend.queue(isElsewhere ? withFullPath(job) : job));
}

/** A service that may build repositories of its machine has another working directory. */
function withFullPath(job: Record<string, unknown>): Record<string, unknown> {
  const { project_repo_url: url } = job;
  if (typeof url !== 'string' || !isLocalSource(url) || /^(file:|~)/.test(url)) return job;
  return { ...job, project_repo_url: resolve(url) };
}
