// Which service a command is to ask, if any, and with which token.
import type { Service } from '../client/service-client.js';
import { KoalaError } from '../job/errors.js';
import { loginsFile, readLogins } from '../settings/logins.js';
import type { TokenFlag } from './authenticate.js';
import type { Session } from './session.js';

/** The flags of every command that asks this machine or a service. */
export interface Backed extends TokenFlag {
  server?: string;
}

/**
 * The service that `--server`, KOALACI_SERVER or the last login names, with the token of `--token`, KOALACI_TOKEN or the login there;
 * undefined for this machine.
 * @throws KoalaError `bad_input` for an address that is none, `unauthorised` without a token
 */
export function serviceOf({ settings }: Session, flags: Backed): Service | undefined {
  // A script whose variable is not set must not ask somebody else.
  if (flags.server === '') throw new KoalaError('bad_input', '--server: must not be empty');
  if (flags.token === '') throw new KoalaError('unauthorised', '--token: must not be empty');
  const logins = readLogins(loginsFile(settings));
  const name = flags.server === undefined ? 'KOALACI_SERVER' : '--server';
  const given = flags.server ?? settings.server;
  const url = given === undefined ? logins.current : parseServer(name, given);
  if (url === undefined) return undefined;
  const token = flags.token ?? settings.token ?? logins.servers[url]?.token;
  if (token !== undefined) return { url, token: parseToken(token) };
  throw new KoalaError('unauthorised', `there is no token for ${url}`, {
    remedy: `Store one with "koalaci login ${url}", or set KOALACI_TOKEN.`,
  });
}

/**
 * The address of a service: one form of it, without a slash at its end.
 * @throws KoalaError `bad_input`
 */
export function parseServer(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isHttp || url.search || url.hash) {
    const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `; did you mean https://${text}?` : '';
    throw new KoalaError('bad_input', `${name}: must be an https:// or http:// address${hint}`);
  }
  // Not repeated: there is a password in it.
  if (url.username || url.password)
    throw new KoalaError('bad_input', `${name}: must have neither a user nor a password`, {
      remedy: 'A token says who you are: koalaci login --help.',
    });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/**
 * A token as it may be sent. Errors do not repeat it.
 * @throws KoalaError `unauthorised`
 */
export function parseToken(text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KoalaError('unauthorised', 'the token has characters that no token has', {
    remedy: 'A token is one line of letters, digits, ".", "_" and "-".',
  });
}
