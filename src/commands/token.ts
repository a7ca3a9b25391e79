// koalaci token: prints a token.
import { signToken } from '../job/claims.js';
import { parseDuration } from '../job/quantity.js';
import { secretOf } from './authenticate.js';
import { openSession } from './session.js';

export async function token(flags: { user?: string; expires?: string }): Promise<void> {
  const session = openSession();
  const seconds = flags.expires ? Math.ceil(parseDuration('--expires', flags.expires) / 1000) : undefined;
  const user = flags.user ?? session.settings.user;
  process.stdout.write(`${signToken(user, secretOf(session), seconds)}\n`);
}
