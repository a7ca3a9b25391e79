import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDocker } from '../../src/docker/command.js';
import { type Examination, examine, isAtLeast } from '../../src/doctor.js';
import { KoalaError } from '../../src/job/errors.js';
import { readSettings } from '../../src/settings/read.js';
import { effectiveSettings } from '../../src/settings/show.js';

const examination: Examination = {
  settings: readSettings({}),
  problems: [],
  effective: effectiveSettings({ KOALACI_PIDS: '99' }),
  home: '/dev/null/nowhere',
  authenticate: () => 'ann',
  targets: async () => [],
  pingRedis: async () => 'answers: PONG',
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
    ...[
      'token error',
      'home error',
      'engine error',
      'walls error',
      'image error',
      'disk error',
      'network error',
    ],
    ...['redis ok', 'certificates ok', 'credentials ok', 'signing warning', 'targets ok', 'settings ok'],
  ]);
  expect(findings[0]).toEqual({
    check: 'token',
    level: 'error',
    found: 'there is no token',
    remedy: 'Make one.',
  });
});

it('shows the settings, and an error for each that does not fit', async () => {
  const { effective } = examination;
  expect((await examine(examination)).at(-1)).toMatchObject({ level: 'ok', settings: effective });
  const problems = ['one', 'two'].map((name) => new KoalaError('bad_input', `${name} is wrong`));
  expect((await examine({ ...examination, problems })).slice(-2)).toEqual([
    { check: 'settings', level: 'error', found: 'one is wrong' },
    { check: 'settings', level: 'error', found: 'two is wrong', settings: effective },
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
