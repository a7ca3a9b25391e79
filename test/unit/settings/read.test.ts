import { expect, it } from 'vitest';
import { KoalaError } from '../../../src/job/errors.js';
import { inspectSettings, readSettings } from '../../../src/settings/read.js';

function refusal(env: Record<string, string>): KoalaError {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof KoalaError) return error;
  }
  throw new Error('it was not refused');
}

it('refuses an unknown setting by name, suggests the nearest one, and says what to do', () => {
  const { kind, message, remedy } = refusal({ KOALACI_MEMROY: '8g' });
  expect(kind).toBe('bad_input');
  expect(message).toBe('KOALACI_MEMROY is not a setting; did you mean KOALACI_MEMORY?');
  expect(remedy).toMatch(/Correct or unset it.*koalaci help environment/);
});

it('suggests nothing where nothing is near', () => {
  expect(refusal({ KOALACI_XYZ: '1' }).message).toBe('KOALACI_XYZ is not a setting');
});

it('passes over empty variables, and those of others', () => {
  expect(readSettings({ KOALACI_MEMROY: '', MEMORY: 'x', koalaci_memory: 'x', PATH: '/bin' })).toEqual(
    readSettings({}),
  );
});

it('finds every problem, and lets the default stand in for what does not fit', () => {
  const { settings, problems } = inspectSettings({
    KOALACI_MEMROY: '8g',
    KOALACI_PIDS: '1',
    KOALACI_CPUS: 'x',
  });
  expect(problems.map(({ message }) => message.split(/[ :]/)[0])).toEqual([
    'KOALACI_MEMROY',
    'KOALACI_CPUS',
    'KOALACI_PIDS',
  ]);
  expect(settings).toEqual(readSettings({}));
});
