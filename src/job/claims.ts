// Verifies a JWT and takes the user from it.
import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import * as z from 'zod';
import { KoalaError } from './errors.js';
import type { UserId } from './identity.js';
import { LimitsClaim } from './user-limits.js';

/** HMAC only: otherwise a public key could pass for the shared secret. */
const ALGORITHMS: jwt.Algorithm[] = ['HS256', 'HS384', 'HS512'];
/** RFC 7518, 3.2: the key must be at least as long as the hash, which has 32 bytes for HS256. */
export const SECRET_BYTES = 32;
/** The year 5138, in seconds: a later `exp` is in milliseconds by mistake, and the token would never expire. */
const LATEST_SECONDS = 1e11;

const Claims = z.object({
  user_id: z
    .string()
    .min(1)
    .max(128)
    .refine((id) => !/[\p{Cc}\p{Cs}]/u.test(id)),
  exp: z.number().max(LATEST_SECONDS).optional(),
  nbf: z.number().max(LATEST_SECONDS).optional(),
  'koalaci.limits': LimitsClaim.optional(),
  admin: z.boolean().optional(),
});

/** What a token says. */
export interface Identity {
  user: UserId;
  limits: LimitsClaim;
  /** Whether lists have the deployments of all users. */
  isAdmin: boolean;
  /** When the token ends, in milliseconds since 1970; undefined if it never does. */
  expiresAt: number | undefined;
}

/**
 * Verifies a token (signature, `exp`, `nbf`) and returns its user.
 * @throws KoalaError `unauthorised`, with the reason
 */
export function verifyToken(token: string, secret: string): UserId {
  return identityIn(token, secret).user;
}

/**
 * Verifies a token, and returns all that it says.
 * @throws KoalaError `unauthorised`, with the reason
 */
export function identityIn(token: string, secret: string): Identity {
  const decoded = decode(token, secret);
  if (typeof decoded.header.crit !== 'undefined')
    throw refused('it requires an extension ("crit") that koalaci does not support');
  const claims = Claims.safeParse(decoded.payload);
  if (!claims.success) throw refused(describe(String(claims.error.issues[0]?.path[0])));
  const { user_id, exp, 'koalaci.limits': limits = {}, admin: isAdmin = false } = claims.data;
  const expiresAt = exp === undefined ? undefined : exp * 1000;
  return { user: user_id as UserId, limits, isAdmin, expiresAt };
}

/** Signs a token for a user, as `koalaci token` and `koalaci init` do; `expiresIn` is in seconds. */
export function signToken(user: string, secret: string, expiresIn?: number): string {
  return jwt.sign(
    { user_id: user },
    secret,
    expiresIn ? { algorithm: 'HS256', expiresIn } : { algorithm: 'HS256' },
  );
}

/** What jsonwebtoken says, in words. */
const WORDS: Readonly<Record<string, string>> = {
  'invalid signature': 'it was signed with another secret',
  malformed: 'it is no JWT, or a part of one',
  'invalid token': 'it is no JWT, or a part of one',
  expired: 'it has expired',
  'not active': 'it is not valid yet',
};

function decode(
  token: string,
  secret: string,
): { header: jwt.JwtHeader & { crit?: unknown }; payload: unknown } {
  try {
    return jwt.verify(token.trim(), keyOf(secret), { algorithms: ALGORITHMS, complete: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.replace('jwt ', '') : 'unreadable';
    throw refused(WORDS[what] ?? what, error);
  }
}

let lastKey: { secret: string; key: jwt.Secret } | undefined;

/**
 * The secret as a key object. jsonwebtoken tries a string as a public key first, which takes longer than all the rest.
 * Only a secret that may be a public key stays a string: jsonwebtoken refuses it.
 */
function keyOf(secret: string): jwt.Secret {
  if (lastKey?.secret !== secret) {
    const mayBePublic = secret === '' || secret.includes('-----BEGIN');
    lastKey = { secret, key: mayBePublic ? secret : createSecretKey(Buffer.from(secret)) };
  }
  return lastKey.key;
}

function describe(claim: string): string {
  if (claim === 'user_id') return 'its claim user_id must be a string of 1 to 128 printable characters';
  if (claim === 'koalaci.limits')
    return 'its claim koalaci.limits must be an object of whole numbers: running, queued, followers, requests, logs, artifacts';
  if (claim === 'admin') return 'its claim admin must be true or false';
  return `its claim ${claim} must be a time in seconds`;
}

function refused(why: string, cause?: unknown): KoalaError {
  return new KoalaError('unauthorised', `the token is refused: ${why}`, {
    remedy: 'Create one with "koalaci token", or check that JWT_SECRET is the secret that signed it.',
    cause,
  });
}
