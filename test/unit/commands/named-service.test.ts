// Which service a command asks, and with whose token.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseServer, parseToken, serviceOf } from '../../../src/commands/named-service.js';
import { exitCodeOf } from '../../../src/job/errors.js';
import { loginsFile, readLogins, writeLogins } from '../../../src/settings/logins.js';
import { readSettings } from '../../../src/settings/read.js';

const A = 'https://a.example.com';
const B = 'https://b.example.com/koalaci';

async function session(env: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'koala-xdg-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const settings = readSettings({ XDG_CONFIG_HOME: directory, ...env });
  return { settings, home: '/nowhere', env };
}

async function loggedIn(env: Record<string, string> = {}) {
  const opened = await session(env);
  const servers = { [A]: { token: 'token-a' }, [B]: { token: 'token-b' } };
  await writeLogins(loginsFile(opened.settings), { current: A, servers });
  return opened;
}

const thrownBy = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return [exitCodeOf(error), String(error)];
  }
  return undefined;
};

describe('a command', () => {
  it('asks this machine, unless a service is named', async () => {
    expect(serviceOf(await session(), {})).toBeUndefined();
  });

  it.each([
    [{}, {}, { url: A, token: 'token-a' }],
    [{ KOALACI_SERVER: `${B}/` }, {}, { url: B, token: 'token-b' }],
    [{ KOALACI_SERVER: B, KOALACI_TOKEN: 'own' }, {}, { url: B, token: 'own' }],
    [{ KOALACI_SERVER: B }, { server: A }, { url: A, token: 'token-a' }],
    [{ KOALACI_TOKEN: 'own' }, { token: 'given' }, { url: A, token: 'given' }],
  ])('with %j and %j asks as %j', async (env, flags, service) => {
    expect(serviceOf(await loggedIn(env), flags)).toEqual(service);
  });

  it('is refused where nobody has logged in, and where a variable was empty', async () => {
    const opened = await loggedIn();
    expect(thrownBy(() => serviceOf(opened, { server: 'https://c.example.com' }))).toEqual([
      3,
      expect.stringContaining('there is no token for https://c.example.com'),
    ]);
    expect(thrownBy(() => serviceOf(opened, { server: '' }))?.[0]).toBe(2);
    expect(thrownBy(() => serviceOf(opened, { token: '' }))?.[0]).toBe(3);
  });
});

it('keeps logins from others', async () => {
  const file = loginsFile((await loggedIn()).settings);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(Object.keys(readLogins(file).servers)).toEqual([A, B]);
});

it.each([
  ['builds.example.com', /did you mean https:\/\/builds.example.com\?/],
  ['localhost:8081', /did you mean https:\/\/localhost:8081\?/],
  ['ftp://a.example.com', /must be an https/],
  ['https://ann:s3cret@a.example.com', /neither a user nor a password/],
  ['https://a.example.com/?token=s3cret', /must be an https/],
])('refuses %s as an address, and repeats no password', (text, message) => {
  const [code, said] = thrownBy(() => parseServer('--server', text)) ?? [];
  expect([code, said]).toEqual([2, expect.stringMatching(message)]);
  expect(said).not.toContain('s3cret');
});

it('refuses a token that cannot be sent, and does not repeat it', () => {
  expect(parseToken(' a.b.c\n')).toBe('a.b.c');
  const [code, said] = thrownBy(() => parseToken('s3cret\ns3cret')) ?? [];
  expect(code).toBe(3);
  expect(said).not.toContain('s3cret');
});
