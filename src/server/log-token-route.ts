// The route that gives a token for one log.

import { rfc3339 } from '../job/public-json.js';
import { load } from '../store/jobs.js';
import { logTokenEnd, signLogToken } from './log-token.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { LogTokenAnswer } from './schemas.js';
import type { Services } from './services.js';

/** As the setting KOALACI_TIMEOUT has it by default. */
const USUAL_TIMEOUT_MS = 45 * 60_000;

export const logTokenRoute = ({ redis, intake, timeoutMs = USUAL_TIMEOUT_MS }: Services): Route => ({
  method: 'POST',
  path: '/job/:id/log-token',
  summary:
    'Get a token for the log of a job, for a page in a browser; it is valid until the job must have ended, and ten minutes',
  answer: LogTokenAnswer,
  errors: ['not_found'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const record = await load(redis, id);
    const { createdAt } = record;
    const expiresAt = logTokenEnd(record, { timeoutMs, now: Date.now() });
    const token = signLogToken({ id, createdAt, limits: request.claimedLimits, expiresAt }, intake.secret);
    const url = `/job/${id.deployment}/log?token=${token}`;
    return { data: { token, url, expires_at: rfc3339(expiresAt) } };
  },
});
