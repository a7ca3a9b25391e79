// The rows of the operator's file of credentials. Pure.
import * as z from 'zod';
import type { GitCredential } from '../job/credentials.js';
import { KoalaError } from '../job/errors.js';
import { normalizeSshKey, sshKeyProblem } from '../job/ssh-key.js';
import { rowsIn } from './private-file.js';

/** A row that fits. */
export interface CredentialRow {
  /** How messages call it. */
  name: string;
  credential: GitCredential;
  /** The file of its ssh key, unless the row has the key itself. */
  keyFile?: string;
  knownHosts: string[];
  /** Returns what ssh can use. Throws for what is no key. */
  checkKey: (text: string) => string;
}

const text = z.string('must be a string');
/** What git and its configuration take without quotes. */
const word = text.regex(
  /^[^\s\\"\x00-\x1f\x7f]+$/,
  'must not be empty, nor have spaces, quotes or backslashes',
);

const Row = z.strictObject({
  host: text
    .regex(/^([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/, 'must be a host or host:port, without a scheme')
    .transform((host) => host.toLowerCase()),
  path: text
    .regex(/^[\w.~+@/-]*$/, 'must be the start of a path, such as my-org or my-org/my-site')
    .transform((path) => path.replace(/^\/+|\/+$|\.git\/*$/g, ''))
    .optional(),
  token: word.optional(),
  user: word.optional(),
  password: text
    .min(1, 'must not be empty')
    .regex(/^[^\n\r\0]*$/, 'must be one line')
    .optional(),
  ssh_key: text.optional(),
  ssh_key_file: text.min(1, 'must not be empty').optional(),
  known_hosts: z
    .array(
      text.regex(
        /^(\S+ )?(ssh-|ecdsa-|sk-)\S+ AAAA[A-Za-z0-9+/=]+( .*)?$/,
        'must be a public key, such as "ssh-ed25519 AAAA…", or a line of ssh-keyscan',
      ),
      'must be a list of strings',
    )
    .optional(),
});
type Row = z.output<typeof Row>;

/** Services that want a user name beside a token; the others take any. */
const TOKEN_USERS: Record<string, string> = { 'bitbucket.org': 'x-token-auth', 'gitlab.com': 'oauth2' };
const SECRETS = ['token', 'password', 'ssh_key', 'ssh_key_file'] as const;

/**
 * Parses the file's text.
 * @throws KoalaError `environment` that names the row and its field
 */
export function parseCredentialRows(json: string): CredentialRow[] {
  const rows = rowsIn(json, '{ "host": …, "token": … }', (problem) => unfit('the file', '', problem));
  return rows.map((input, index) => {
    const host = (input as { host?: unknown } | null)?.host;
    const name = `row ${index + 1}${typeof host === 'string' ? ` (${host.replace(/^.*@/, '')})` : ''}`;
    const result = Row.safeParse(input, { reportInput: true });
    if (result.success) return rowOf(result.data, name);
    const [issue] = result.error.issues;
    if (issue?.code === 'unrecognized_keys') throw unfit(name, issue.keys[0] ?? '', 'is not a field');
    const isMissing = issue?.code === 'invalid_type' && issue.input === undefined;
    const field = issue?.path.join('.') ?? '';
    throw unfit(name, field, isMissing && field ? 'is missing' : (issue?.message ?? 'does not fit'));
  });
}

function rowOf(row: Row, name: string): CredentialRow {
  const given = SECRETS.filter((field) => row[field] !== undefined);
  if (given.length !== 1)
    throw unfit(name, given.join(' and '), `needs one of ${SECRETS.join(', ')}, and only one`);
  if (row.password !== undefined && row.user === undefined) throw unfit(name, 'user', 'is missing');
  const checkKey = (text: string) => {
    const key = normalizeSshKey(text);
    const problem = sshKeyProblem(key);
    if (problem) throw unfit(name, given[0] ?? '', problem);
    return key;
  };
  const secret = row.ssh_key === undefined ? (row.token ?? row.password ?? '') : checkKey(row.ssh_key);
  const isSsh = row.token === undefined && row.password === undefined;
  return {
    ...{ name, checkKey },
    credential: {
      ...{ host: row.host.replace(isSsh ? /:22$/ : /:443$/, ''), path: row.path ?? '', secret },
      ...(isSsh ? { form: 'ssh', scheme: 'ssh' } : { form: 'http', scheme: 'https' }),
      user: row.user ?? (isSsh ? 'git' : (TOKEN_USERS[row.host] ?? 'x-access-token')),
    } as GitCredential,
    ...(row.ssh_key_file === undefined ? {} : { keyFile: row.ssh_key_file }),
    knownHosts: (row.known_hosts ?? []).map((line) => knownHost(row.host, line)),
  };
}

/** A line of known_hosts(5). A key alone is that of the row's host. */
function knownHost(host: string, line: string): string {
  if (!/^(ssh-|ecdsa-|sk-)/.test(line)) return line;
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host.replace(/^\[(.*)\]$/, '$1')) ?? [];
  return `${port ? `[${name.replace(/^\[|\]$/g, '')}]:${port}` : name} ${line}`;
}

function unfit(row: string, field: string, problem: string): KoalaError {
  const where = field ? `${row}: ${field}` : row;
  return new KoalaError('environment', `KOALACI_CREDENTIALS: ${where}: ${problem}`, {
    remedy: 'Correct it; the README describes the file.',
  });
}
