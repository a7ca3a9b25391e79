import { expect, it } from 'vitest';

import { endingOf } from '../../../src/job/ending.js';
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
  const secrets = { env: { TOKEN: 'tok-12345' }, project_repo_url: 'https://ann:pass-678@example.org/a' };
  const reporter = new BuildReporter(recorder, screen, secrets, new Verdict());
  return { reporter, record, logged, shown };
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
  reporter.event(end('install', { skipped: true, facts: { refused_scripts: '@scope/a esbuild' } }));
  expect(record).toMatchObject({ commit: 'c0', node: '24.1.0', manager: 'npm 11' });
  expect(record).toMatchObject({ refusedScripts: ['@scope/a', 'esbuild'] });
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
  const { reporter } = reported();
  reporter.event(begin('build'));
  reporter.output(Buffer.from('bash: line 1: vitee: command not found\n'));
  expect(reporter.event(end('build', { ok: false, ...ended }))).toMatchObject(cause);
});

it('does not show a step as failed that finds out that there is nothing to build', () => {
  const { reporter, shown } = reported();
  reporter.event(begin('source'));
  const ended = { ok: false, reason: 'skipped', message: 'it has [skip ci]' } as const;
  expect(reporter.event(end('source', ended))).toMatchObject({
    reason: 'skipped',
    message: 'it has [skip ci]',
  });
  expect(shown.at(-1)).toMatchObject({ type: 'step_ended', ok: true });
});

it('explains a step by its own output, never by that of the step before', () => {
  const { reporter } = reported();
  reporter.event(begin('install'));
  reporter.output(Buffer.from('vitee: command not found\n'));
  reporter.event(end('install'));
  reporter.event(begin('build'));
  const cause = reporter.event(end('build', { ok: false, reason: 'build_failed' }));
  expect(cause?.message).toBe('the build command failed');
});

it('begins once more: ends the step that was silent, says why, and records the steps of the second try only', () => {
  const { reporter, record, logged, shown } = reported();
  const cause = { reason: 'silent', step: 'build', message: 'no line of output for 1 s' } as const;
  for (const step of ['source', 'build']) reporter.event(begin(step));
  reporter.output(Buffer.from('with pass-6'));
  reporter.retry(cause, 'once more, without pass-678');
  expect(record.steps).toEqual([]);
  reporter.event(begin('source'));
  reporter.output(Buffer.from('anew\n'));
  reporter.event(end('source'));
  expect(record.steps?.map(({ step }) => step)).toEqual(['source']);
  expect(logged).toEqual([
    ['build', 'with '],
    ['build', 'pass-6'],
    ['build', '\n'],
    ['', 'koalaci: once more, without ***\n'],
    ['source', 'anew\n'],
  ]);
  const steps = shown.filter(({ type }) => type !== 'log');
  expect(steps).toMatchObject([
    { type: 'step_started', step: 'source' },
    { type: 'step_started', step: 'build' },
    { type: 'step_ended', step: 'build', ok: false },
    { type: 'retried', cause },
    { type: 'step_started', step: 'source' },
    { type: 'step_ended', step: 'source', ok: true },
  ]);
});

it('ends the log with the ending, in the step in which it came', async () => {
  const { reporter, logged, record, shown } = reported();
  reporter.event(begin('build'));
  reporter.output(Buffer.from('no newline'));
  await reporter.end({ status: 'CANCELED', reason: 'canceled', message: 'enough' });
  expect(logged.map(([, text]) => text).join('')).toBe(
    'no newline\nkoalaci: CANCELED: enough, in step build\n',
  );
  expect(record).toMatchObject({ status: 'CANCELED', step: 'build', endedAt: expect.any(Number) });
  expect(shown.at(-1)).toMatchObject({ type: 'ended', recorded: true });
});

it('keeps the lines that matter of a failed step, without secrets and terminal sequences, and short', async () => {
  const { reporter, record, logged } = reported();
  reporter.event(begin('build'));
  reporter.output(
    Buffer.from(`webpack is at work\nError: refused: tok-\x1b[1m12345 \x1b]0;title\x07${'x'.repeat(900)}\n`),
  );
  const cause = reporter.event(
    end('build', { ok: false, reason: 'build_failed', exit_code: 1 } as Partial<StepEnded>),
  );
  await reporter.end(endingOf(cause));
  expect(record).toMatchObject({ status: 'ERROR', fault: 'project', message: 'the build command failed' });
  expect(record.extract).toEqual([expect.stringMatching(/^Error: refused: \*\*\* x+…$/)]);
  expect(record.extract?.[0]?.length).toBeLessThanOrEqual(300);
  expect(logged.map(([, text]) => text).join('')).toMatch(/^koalaci: │ Error: refused: \*\*\* x+…$/m);
});

it('says of a build that was silent that it does not end, where its last words do', async () => {
  const { reporter, record } = reported();
  reporter.event(begin('build'));
  reporter.output(Buffer.from('  VITE v7.1.0  ready in 310 ms\n\n  ➜  Local:   http://localhost:5173/\n'));
  await reporter.end(
    endingOf({ reason: 'silent', message: 'no line of output for 15 min', remedy: 'Print.' }),
  );
  expect(record).toMatchObject({ reason: 'silent', fault: 'job', message: 'no line of output for 15 min' });
  expect(record.remedy).toMatch(
    /^It looks as if the command does not end.*"build" instead of "dev".* Else: Print\.$/,
  );
  expect(record.extract).toEqual([expect.stringMatching(/Local:.*5173/)]);
});
