import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { publicJson, publicSchema, rfc3339 } from '../../../src/job/public-json.js';
import { JobRecord } from '../../../src/job/record.js';
import { recordsOfEveryStatus } from '../../support/records.js';

it('a time is RFC 3339 in UTC with milliseconds', () => {
  expect(rfc3339(Date.UTC(2026, 0, 31, 12))).toBe('2026-01-31T12:00:00.000Z');
});

it('names are in snake case and times are text, all the way down', () => {
  expect(
    publicJson({
      type: 'ended',
      ending: { exitCode: 1, remedy: undefined },
      usedAt: 0,
      ms: 12,
      steps: [{ step: 'build', startedAt: 1, skipped: true }, null],
    }),
  ).toEqual({
    type: 'ended',
    ending: { exit_code: 1 },
    used_at: '1970-01-01T00:00:00.000Z',
    ms: 12,
    steps: [{ step: 'build', started_at: '1970-01-01T00:00:00.001Z', skipped: true }, null],
  });
});

describe('the public schema of a record', () => {
  const schema = publicSchema(JobRecord);

  it.each(recordsOfEveryStatus())('fits what is shown of one that is $status', (record) => {
    const shown = publicJson(record);
    expect(schema.parse(shown)).toEqual(shown);
  });

  it.each([
    ['a time in milliseconds', { created_at: 1 }],
    ['a time in another zone', { created_at: '2026-01-31T12:00:00.000+01:00' }],
    ['a name in camel case', { createdAt: '2026-01-31T12:00:00.000Z' }],
  ])('refuses %s', (_what, fields) => {
    const [queued] = recordsOfEveryStatus();
    expect(schema.safeParse({ ...publicJson(queued ?? {}), ...fields }).success).toBe(false);
  });

  it('says date-time of every time, and has no name but in snake case', () => {
    const text = JSON.stringify(z.toJSONSchema(schema));
    expect(text).toContain('"ended_at":{"type":"string","pattern":');
    expect(text.match(/"format":"date-time"/g)?.length).toBe(text.match(/_at":\{/g)?.length);
    expect(text).not.toMatch(/"[a-z]+[A-Z]\w*At"/);
  });
});
