import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDocker } from '../../../src/docker/command.js';
import { examine, UPGRADE } from '../../../src/doctor/examine.js';
import type { Examination } from '../../../src/doctor/finding.js';
import { isAtLeast } from '../../../src/doctor/versions.js';
import { KoalaError } from '../../../src/job/errors.js';
import { readSettings } from '../../../src/settings/read.js';
import { effectiveSettings } from '../../../src/settings/show.js';

const examination: Examination = {
  settings: readSettings({}),
  problems: [],
  effective: effectiveSettings({ KOALACI_PIDS: '99' }),
  home: '/dev/null/nowhere',
  installation: 'i0',
  authenticate: () => 'ann',
  targets: async () => [],
  secret: 's'.repeat(48),
  concurrency: 2,
  code: { directory: '/nowhere', version: '1.2.3' },
  withRedis: async () => Promise.reject(new KoalaError('environment', 'Redis does not answer')),
};

// Nothing of this machine's engine is asked.
beforeAll(() => useDocker({ command: 'no-such-docker' }));
afterAll(() => useDocker({ command: 'docker' }));

it('makes every check, though others fail, and gives the remedy of those', async () => {
  const findings = await examine({
    ...examination,
    authenticate: () => {
      throw new KoalaError('unauthorised', 'there is no token', { remedy: 'Make one.' });
    },
  });
  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    ...['token error', 'secret ok', 'code ok', 'home error', 'engine error'],
    ...['certificates ok', 'credentials ok', 'signing warning', 'targets ok', 'limits ok', 'settings ok'],
  ]);
  expect(findings[0]).toEqual({
    check: 'token',
    level: 'error',
    found: 'there is no token',
    remedy: 'Make one.',
    commands: ['koalaci init'],
  });
});

it('has one finding for a cause, and a command for each that is not ok', async () => {
  // An engine that is off is also the end of koalaci's own Redis; another Redis is a cause of its own.
  const away = { ...examination, settings: readSettings({ REDIS_URL: 'redis://h:1' }) };
  const wrong = (await examine(away)).filter(({ level }) => level !== 'ok');
  expect(wrong.map(({ check }) => check)).toEqual(['home', 'engine', 'redis', 'signing']);
  expect(wrong.filter(({ commands = [] }) => commands.length === 0)).toEqual([]);
});

it('looks at what an upgrade is about', async () => {
  const settings = readSettings({ REDIS_URL: 'redis://h:1' });
  const findings = await examine({ ...examination, settings }, UPGRADE);
  expect(findings.map(({ check }) => check)).toEqual(['code', 'engine', 'redis']);
});

it('shows the settings, and an error for each that does not fit', async () => {
  const { effective } = examination;
  expect((await examine(examination)).at(-1)).toMatchObject({ level: 'ok', settings: effective });
  const problems = ['one', 'two'].map((name) => new KoalaError('bad_input', `${name} is wrong`));
  expect((await examine({ ...examination, problems })).slice(-2)).toEqual([
    { check: 'settings', level: 'error', found: 'one is wrong', commands: ['unset one'] },
    {
      check: 'settings',
      level: 'error',
      found: 'two is wrong',
      commands: ['unset two'],
      settings: effective,
    },
  ]);
});

it.each([
  ['29.5.1', '29.5.1', true],
  ['29.10.0', '29.5.1', true],
  ['30.0', '29.5.1', true],
  ['20.10.24+dfsg1', '29.5.1', false],
  ['29.5', '29.5.1', false],
  ['', '1.2.8', false],
])('%s is at least %s: %s', (version, floor, enough) => {
  expect(isAtLeast(version, floor)).toBe(enough);
});
