import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { JsonScreen } from '../../../src/ui/json-screen.js';

let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((data) => {
    printed += String(data);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lines = () =>
  printed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const log = (step: 'build' | '', data: string | Buffer) =>
  ({ type: 'log', step, data: Buffer.from(data) }) as const;

it('prints an event a line, each with its time, and the record in snake case', () => {
  const record = { deployment: 'd1', createdAt: 5 } as unknown as JobRecord;
  const screen = new JsonScreen();
  screen.show({ type: 'started', record, warm: true });
  screen.show({ type: 'step_started', step: 'build' });
  expect(lines()).toMatchObject([
    { type: 'started', warm: true, record: { deployment: 'd1', created_at: '1970-01-01T00:00:00.005Z' } },
    { type: 'step_started', step: 'build' },
  ]);
  for (const { time } of lines()) expect(new Date(String(time)).toISOString()).toBe(time);
});

it('puts lines together that come in pieces, and cuts those that come at once', () => {
  const screen = new JsonScreen();
  for (const piece of ['on', 'e\ntwo\nth', 'ree\n']) screen.show(log('build', piece));
  expect(lines().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

it('keeps a letter whole that was cut between two pieces', () => {
  const screen = new JsonScreen();
  const bytes = Buffer.from('ü\n');
  screen.show(log('build', bytes.subarray(0, 1)));
  screen.show(log('build', bytes.subarray(1)));
  expect(lines()).toMatchObject([{ type: 'log', step: 'build', text: 'ü' }]);
});

it('prints a line without an end before the next event', () => {
  const screen = new JsonScreen();
  screen.show(log('build', 'no newline'));
  screen.show({ type: 'step_ended', step: 'build', ok: true, skipped: false, ms: 1, note: '' });
  expect(lines()).toMatchObject([
    { type: 'log', text: 'no newline' },
    { type: 'step_ended', step: 'build' },
  ]);
});

it('tells a program that the steps start over, and why', () => {
  const screen = new JsonScreen();
  const cause = { reason: 'build_failed', step: 'build', exitCode: 3, message: 'it failed' } as const;
  screen.show(log('build', 'no newline'));
  screen.show({ type: 'retried', cause });
  screen.show({ type: 'step_started', step: 'source' });
  expect(lines()).toMatchObject([
    { type: 'log', text: 'no newline' },
    { type: 'retried', cause: { reason: 'build_failed', step: 'build', exit_code: 3, message: 'it failed' } },
    { type: 'step_started', step: 'source' },
  ]);
});
