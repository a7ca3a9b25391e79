// koalaci token: prints a token.

import { signToken } from '../job/claims.js';
import { LONGEST_DAYS, parseDuration } from '../job/quantity.js';
import { print } from '../ui/print.js';
import { secretOf } from './authenticate.js';
import { openSession } from './session.js';

export async function token(flags: { user?: string; expires?: string }): Promise<void> {
  const session = openSession();
  const { expires } = flags;
  const seconds =
    expires !== undefined ? Math.ceil(parseDuration('--expires', expires, LONGEST_DAYS) / 1000) : undefined;
  const user = flags.user ?? session.settings.user;
  print(`${signToken(user, secretOf(session), seconds)}\n`);
}
