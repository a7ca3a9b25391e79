// Says in words why Redis cannot be used, and what to do. Pure.
import { KoalaError } from '../job/errors.js';
import { isRedisAway } from './redis-away.js';

interface Row {
  /** Matches the code and the message of an error. */
  pattern: RegExp;
  why: string;
  remedy: string;
}

const ADDRESS = 'Check host and port in REDIS_URL (or REDIS_HOST).';
const PASSWORD =
  'Check them in REDIS_URL: redis://user:password@host:port, or redis://:password@host:port; special characters as %XX.';
const CERTIFICATE =
  'Name the certificate of its CA in NODE_EXTRA_CA_CERTS, and the host as the certificate does.';

/** It is there, and refuses. The words are those of Redis, ioredis, Node.js and OpenSSL. */
const REFUSES: Row[] = [
  {
    pattern: /WRONGPASS|invalid password|without any password/,
    why: 'it refuses user or password',
    remedy: PASSWORD,
  },
  { pattern: /NOAUTH/, why: 'it wants a password', remedy: PASSWORD },
  {
    pattern: /NOPERM/,
    why: 'its user may not do what koalaci needs',
    remedy: 'Give the user all commands, keys and channels: ACL SETUSER name ~* &* +@all.',
  },
  {
    pattern: /CERT|SELF_SIGNED|ISSUER|UNABLE_TO|certificate/,
    why: 'its certificate is not trusted',
    remedy: CERTIFICATE,
  },
  {
    pattern: /EPROTO|ERR_SSL|SSL routines|wrong version number/,
    why: 'it does not speak TLS',
    remedy: 'Write redis:// instead of rediss:// in REDIS_URL.',
  },
  { pattern: /Unknown RESP type|Protocol error/, why: 'what answers there is not a Redis', remedy: ADDRESS },
  {
    pattern: /max number of clients/,
    why: 'it has as many clients as it takes',
    remedy: 'Raise maxclients of Redis, or close other clients.',
  },
  {
    pattern: /DB index|invalid DB/,
    why: 'it has no database of that number',
    remedy: 'Correct the number at the end of REDIS_URL, or raise databases of Redis.',
  },
  {
    pattern: /^ ?READONLY/,
    why: 'it is a replica, which cannot be written',
    remedy: 'Name the primary in REDIS_URL.',
  },
  { pattern: /^ ?OOM /, why: 'its memory is full', remedy: 'Raise maxmemory of Redis.' },
  {
    pattern: /^ ?MISCONF/,
    why: 'it cannot save its data, and refuses writes',
    remedy: 'The log of Redis says why: often its disk is full.',
  },
  {
    pattern: /^ ?(MOVED|ASK|CROSSSLOT|CLUSTERDOWN) /,
    why: 'it is a cluster',
    remedy: 'Name a Redis that is not a cluster.',
  },
];

/** It does not answer. */
const AWAY: Row[] = [
  { pattern: /ENOTFOUND|EAI_/, why: 'its host name is not known', remedy: ADDRESS },
  { pattern: /ECONNREFUSED/, why: 'nothing listens there', remedy: `Start it. ${ADDRESS}` },
  { pattern: /^ENOENT/, why: 'there is no such socket', remedy: 'Start it, or check the path in REDIS_URL.' },
  {
    pattern: /^(EACCES|EPERM)/,
    why: 'this user may not open the socket',
    remedy: 'Give this user access to it (unixsocketperm of Redis).',
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/,
    why: 'there is no way to its host',
    remedy: `Check network and firewall. ${ADDRESS}`,
  },
  { pattern: /LOADING/, why: 'it is loading its data', remedy: 'Try again in a moment.' },
  {
    pattern: /ETIMEDOUT|timed out/,
    why: 'it did not answer in time',
    remedy: `Check that it is up, and that rediss:// is written only where it speaks TLS. ${ADDRESS}`,
  },
  {
    pattern: /ECONNRESET|EPIPE|Connection is closed|isn't writeable/,
    why: 'it closed the connection',
    remedy: 'Check that it is up; if it speaks TLS, write rediss:// in REDIS_URL.',
  },
];

const PRIVATE = 'Without REDIS_URL and REDIS_HOST koalaci runs a private Redis of its own.';

/** The error of a connection that could not be made. `where` is the address without password. */
export function connectError(where: string, cause: unknown): KoalaError {
  const row = rowOf(cause);
  const what =
    row && REFUSES.includes(row) ? `Redis at ${where} cannot be used` : `Redis does not answer at ${where}`;
  return new KoalaError('environment', `${what}: ${row?.why ?? plainText(cause)}`, {
    remedy: `${row?.remedy ?? ADDRESS} ${PRIVATE}`,
    // Not the error itself, which has the arguments of the command: a password.
    cause: plainText(cause),
  });
}

/** The error for a command that Redis refused, or did not answer; undefined if it is no such error. */
export function commandError(error: unknown): KoalaError | undefined {
  const row = rowOf(error);
  if (!row || !(isRedisAway(error) || isReply(error))) return undefined;
  const said = isReply(error) ? ` (${plainText(error)})` : '';
  return new KoalaError('environment', `Redis cannot be used: ${row.why}${said}`, {
    remedy: row.remedy,
    cause: plainText(error),
  });
}

function rowOf(error: unknown): Row | undefined {
  // A name with several addresses gives an error for each.
  if (error instanceof AggregateError) return error.errors.map(rowOf).find((row) => row !== undefined);
  if (!(error instanceof Error)) return undefined;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return [...REFUSES, ...AWAY].find(({ pattern }) => pattern.test(`${code} ${message}`));
}

/** Whether Redis itself said it. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function plainText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
