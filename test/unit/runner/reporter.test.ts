import { expect, it } from 'vitest';

import type { RecordFields } from '../../../src/job/record.js';

import { Verdict } from '../../../src/job/verdict.js';
import type { BuildEvent, Screen } from '../../../src/runner/events.js';
import { BuildReporter } from '../../../src/runner/reporter.js';
import type { ControlEvent, StepEnded } from '../../../src/sandbox/control.js';
import type { Recorder } from '../../../src/store/recorder.js';

/** A reporter whose log, record and screen are kept here, for a build with a secret. */
function reported() {
  const record: Partial<RecordFields> = {};
  const logged: [step: string, text: string][] = [];
  const shown: BuildEvent[] = [];
  const recorder = {
    record,
    log: (step: string, data: Buffer) => logged.push([step, data.toString()]),
    update: (patch: object) => Object.assign(record, patch),
    finish: async (patch: object) => Boolean(Object.assign(record, patch)),
  } as unknown as Recorder;
  const screen: Screen = { show: (event) => void shown.push(event), ready: () => undefined };
  const verdict = new Verdict();
  const secrets = { env: { TOKEN: 'tok-12345' }, project_repo_url: 'https://ann:pass-678@example.org/a' };
  const reporter = new BuildReporter(recorder, screen, verdict, secrets);
  return { reporter, record, logged, shown, verdict };
}

const begin = (step: string) => ({ n: 1, event: 'step_started', step }) as ControlEvent;
const end = (step: string, more: Partial<StepEnded> = {}) =>
  ({ n: 2, event: 'step_ended', step, ok: true, facts: {}, ...more }) as ControlEvent;

it('logs output under its step, without the secrets of the job', () => {
  const { reporter, logged, shown } = reported();
  reporter.event(begin('source'));
  reporter.output(Buffer.from('with pass-678\n'));
  reporter.event(end('source'));
  reporter.event(begin('build'));
  reporter.output(Buffer.from('and tok-12345\n'));
  expect(logged).toEqual([
    ['source', 'with ***\n'],
    ['build', 'and ***\n'],
  ]);
  expect(shown.map(({ type }) => type)).toEqual([
    ...['step_started', 'log', 'step_ended'],
    ...['step_started', 'log'],
  ]);
});

it('records what a step found out, and which were skipped', () => {
  const { reporter, record } = reported();
  reporter.event(begin('source'));
  reporter.event(end('source', { facts: { commit: 'c0', commit_time: '1700000000' } }));
  reporter.event(begin('toolchain'));
  reporter.event(end('toolchain', { facts: { node: '24.1.0', manager: 'npm', manager_version: '11' } }));
  reporter.event(begin('install'));
  reporter.event(end('install', { skipped: true }));
  expect(record).toMatchObject({ commit: 'c0', node: '24.1.0', manager: 'npm 11' });
  expect(record.steps?.map(({ step, skipped = false }) => [step, skipped])).toEqual([
    ['source', false],
    ['toolchain', false],
    ['install', true],
  ]);
  expect(reporter.commitTime).toBe(1_700_000_000);
});

it.each([
  [
    'the words of the entrypoint',
    { reason: 'build_failed', exit_code: 1, message: 'it said', remedy: 'do it' },
    { reason: 'build_failed', step: 'build', exitCode: 1, message: 'it said', remedy: 'do it' },
  ],
  [
    'the explanation of the output, where the entrypoint has no words',
    { reason: 'build_failed', exit_code: 127 },
    { reason: 'build_failed', exitCode: 127, message: expect.stringContaining('not installed') },
  ],
  ['a bug of ours, where it names no reason', {}, { reason: 'internal', step: 'build' }],
] as const)('fails a step with %s', (_, ended, cause) => {
  const { reporter, verdict } = reported();
  reporter.event(begin('build'));
  reporter.output(Buffer.from('bash: line 1: vitee: command not found\n'));
  reporter.event(end('build', { ok: false, ...ended }));
  expect(verdict.cause).toMatchObject(cause);
});

it('explains a step by its own output, never by that of the step before', () => {
  const { reporter, verdict } = reported();
  reporter.event(begin('install'));
  reporter.output(Buffer.from('vitee: command not found\n'));
  reporter.event(end('install'));
  reporter.event(begin('build'));
  reporter.event(end('build', { ok: false, reason: 'build_failed' }));
  expect(verdict.cause?.message).toBe('the build command failed');
});

it('ends the log with the ending, in the step in which it came', async () => {
  const { reporter, logged, record, shown } = reported();
  reporter.event(begin('build'));
  reporter.output(Buffer.from('no newline'));
  await reporter.end({ status: 'CANCELED', reason: 'canceled', message: 'enough' });
  expect(logged.map(([, text]) => text).join('')).toContain('koalaci: CANCELED: enough, in step build\n');
  expect(record).toMatchObject({ status: 'CANCELED', step: 'build', endedAt: expect.any(Number) });
  expect(shown.at(-1)).toMatchObject({ type: 'ended', recorded: true });
});
