// koalaci login and logout: stores a token for a service, or forgets it.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ServiceClient } from '../client/service-client.js';
import { KoalaError } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { loginsFile, readLogins, writeLogins } from '../settings/logins.js';
import { say } from '../ui/print.js';
import { type Backed, parseServer, parseToken } from './named-service.js';
import { openSession, type Session } from './session.js';

/** Stores the token for a service, once that has accepted it; from then on commands ask that service. */
export async function login(address: string | undefined, flags: Backed): Promise<void> {
  const session = openSession();
  const file = loginsFile(session.settings);
  const logins = readLogins(file);
  const url = named(session, address, flags);
  if (/^http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|\/|$))/.test(url))
    say(`koalaci: warning: ${url} is not encrypted: others on the way can read your token\n`);
  const token = parseToken(flags.token ?? session.settings.token ?? (await askToken(url)));
  await new ServiceClient({ url, token }).data('/jobs', { query: { limit: '1' } });
  await writeLogins(file, { current: url, servers: { ...logins.servers, [url]: { token } } });
  const user = userIn(token);
  say(`logged in to ${url}${user === undefined ? '' : ` as ${visible(user)}`}; the token is in ${file}\n`);
}

/** Forgets the token for a service. If commands asked that one, they ask this machine from then on. */
export async function logout(address: string | undefined, flags: Backed): Promise<void> {
  const session = openSession();
  const file = loginsFile(session.settings);
  const { current, servers } = readLogins(file);
  const isNamed = address !== undefined || flags.server !== undefined;
  const url = isNamed ? named(session, address, flags) : current;
  if (url === undefined || !servers[url]) {
    throw new KoalaError('not_found', `there is no login${url === undefined ? '' : ` to ${url}`}`, {
      remedy: Object.keys(servers).length
        ? `Stored are: ${Object.keys(servers).join(', ')}.`
        : 'None is stored: "koalaci login https://builds.example.com" does that.',
    });
  }
  const { [url]: _, ...rest } = servers;
  await writeLogins(file, {
    ...(current === url || current === undefined ? {} : { current }),
    servers: rest,
  });
  say(`logged out of ${url}\n`);
}

function named({ settings }: Session, address: string | undefined, flags: Backed): string {
  if (address !== undefined) return parseServer('the server', address);
  if (flags.server !== undefined) return parseServer('--server', flags.server);
  if (settings.server !== undefined) return parseServer('KOALACI_SERVER', settings.server);
  throw new KoalaError('bad_input', 'no service is named', {
    remedy: 'Type: koalaci login https://builds.example.com',
  });
}

/** From standard input; a terminal does not show what is typed. */
async function askToken(url: string): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) say(`the token for ${url} (it is not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY === true });
  lines.on('SIGINT', () => lines.close());
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    if (stdin.isTTY) say('\n');
  }
  throw new KoalaError('unauthorised', 'no token was given', {
    remedy: 'Type it, send it on standard input, or set KOALACI_TOKEN.',
  });
}

/** The user whose token it is, as far as it says so. The service has verified it. */
function userIn(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    const { user_id: user } = claims as { user_id?: unknown };
    return typeof user === 'string' ? user : undefined;
  } catch {
    return undefined;
  }
}
