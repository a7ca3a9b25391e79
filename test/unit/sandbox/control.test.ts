import { expect, it } from 'vitest';
import { parseControl } from '../../../src/sandbox/control.js';

it.each([
  { n: 1, event: 'step_started', step: 'source' },
  { n: 2, event: 'step_ended', step: 'source', ok: true, facts: { commit: 'c0' } },
  {
    ...{ n: 3, event: 'step_ended', step: 'build', ok: false, exit_code: 137, facts: {} },
    ...{ reason: 'out_of_memory', message: 'too much', remedy: 'use less' },
  },
  { n: 4, event: 'step_ended', step: 'install', ok: true, skipped: true, facts: {} },
  { n: 5, event: 'archive_started' },
  { n: 6, event: 'archive_ended' },
  { n: 7, event: 'lockfile_started', path: 'apps/site/yarn.lock', flavour: 'yarn-berry' },
  { n: 8, event: 'lockfile_ended' },
  { n: 9, event: 'tracked', values: [0, 2] },
  { n: 10, event: 'finished' },
])('reads the event %o', (event) => {
  expect(parseControl(JSON.stringify(event))).toEqual(event);
});

it('keeps the beginning of what is too long for a record, and drops facts that nobody reads', () => {
  const facts = { commit: 'c'.repeat(5_000), default_branch: 'b'.repeat(5_000), made_up: 'x', node: '22' };
  const event = { n: 1, event: 'step_ended', step: 'build', ok: false, message: 'm'.repeat(9_000), facts };
  expect(parseControl(JSON.stringify(event))).toEqual({
    ...event,
    message: `${'m'.repeat(2_000)}…`,
    facts: { commit: `${'c'.repeat(200)}…`, node: '22' },
  });
});

it.each([
  ['docker’s own words', 'docker: Error response from daemon: no.'],
  ['half a line', '{"n":1,"event":"finis'],
  ['a list', '[{"n":1,"event":"finished"}]'],
  ['an event that there is not', '{"n":1,"event":"made_up"}'],
  ['an event without its number', '{"event":"finished"}'],
  ['a step that there is not', '{"n":1,"event":"step_started","step":"deploy"}'],
  [
    'a reason that there is not',
    '{"n":1,"event":"step_ended","step":"build","ok":false,"reason":"bad","facts":{}}',
  ],
  ['nothing', ''],
])('takes %s for none', (_, line) => {
  expect(parseControl(line)).toBeUndefined();
});
