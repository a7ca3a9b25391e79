// Which user runs a command, and which deployment it is about.

import { type Identity, identityIn, SECRET_BYTES } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId, type UserId } from '../job/identity.js';
import { readConfig } from '../settings/config.js';
import { say } from '../ui/print.js';
import type { Session } from './session.js';

/** The flag of every command that acts for a user. */
export interface TokenFlag {
  token?: string;
}

/**
 * The user, from `--token`, `KOALACI_TOKEN` or the stored token.
 * @throws KoalaError `unauthorised`
 */
export function authenticate(session: Session, flags: TokenFlag): UserId {
  return identify(session, flags).user;
}

/**
 * All that the token says.
 * @throws KoalaError `unauthorised`
 */
export function identify(session: Session, flags: TokenFlag): Identity {
  // A script whose variable is not set must not act as somebody else.
  if (flags.token === '') throw new KoalaError('unauthorised', '--token: must not be empty');
  const token = flags.token || session.settings.token || readConfig(session.home)?.token;
  if (!token) {
    throw new KoalaError('unauthorised', 'there is no token', {
      remedy: 'Create one with "koalaci init", or pass one with --token or KOALACI_TOKEN.',
    });
  }
  return identityIn(token, secretOf(session));
}

/**
 * The user's deployment that the command line names.
 * @throws KoalaError `unauthorised`; `not_found` for a malformed id, which no deployment can have
 */
export function askedJob(session: Session, id: string, flags: TokenFlag): JobId {
  const user = authenticate(session, flags);
  if (ID_PATTERN.test(id)) return { user, deployment: id as DeploymentId };
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(id)}`, {
    remedy: '"koalaci list" shows your deployments.',
  });
}

/**
 * The secret that tokens are signed with: `JWT_SECRET`, or the stored one. Warns on stderr if it is short.
 * @throws KoalaError `unauthorised` when there is none
 */
export function secretOf(session: Session): string {
  const found = findSecret(session);
  if (!found) {
    throw new KoalaError('unauthorised', 'there is no secret to verify tokens with', {
      remedy: 'Set JWT_SECRET, or create a secret with "koalaci init".',
    });
  }
  if (Buffer.byteLength(found) < SECRET_BYTES) {
    say(`koalaci: warning: JWT_SECRET has fewer than ${SECRET_BYTES} bytes and can be guessed\n`);
  }
  return found;
}

/** The same secret, without a warning; undefined when there is none. */
export function findSecret({ settings, home }: Session): string | undefined {
  return settings.jwtSecret || readConfig(home)?.secret;
}
