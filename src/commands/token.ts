// koalaci token: prints a token.
import { signToken } from '../job/claims.js';
import { parseDuration } from '../job/quantity.js';
import { secret } from './session.js';

export async function token(flags: { user: string; expires?: string }): Promise<void> {
  const seconds = flags.expires ? Math.ceil(parseDuration('--expires', flags.expires) / 1000) : undefined;
  process.stdout.write(`${signToken(flags.user, secret(), seconds)}\n`);
}
