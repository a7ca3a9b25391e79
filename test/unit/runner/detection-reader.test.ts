import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../src/job/limits.js';
import { Verdict } from '../../../src/job/verdict.js';
import { DetectionReader } from '../../../src/runner/detection-reader.js';
import type { StepEnded } from '../../../src/sandbox/control.js';
import { detect } from '../../support/detection.js';

const URL = 'https://ann:hunter22@example.org/site.git?key=opensesame';

function read() {
  const verdict = new Verdict();
  const met: string[] = [];
  const reader = new DetectionReader(URL, {
    secrets: { credentials: [], operator: ['proxysecret'] },
    verdict,
    limits: { time: 120_000 } as Limits,
    onHostKeys: (keys) => met.push(keys),
  });
  const failed = (fields: Partial<StepEnded>) =>
    reader.event({ n: 2, event: 'step_ended', step: 'source', ok: false, facts: {}, ...fields });
  return { verdict, met, reader, failed };
}

it('takes an answer in pieces', async () => {
  const found = await detect({ 'index.html': '' });
  const { reader } = read();
  const bytes = Buffer.from(JSON.stringify(found));
  reader.answered(bytes.subarray(0, 10));
  reader.answered(bytes.subarray(10));
  reader.event({ n: 3, event: 'finished' });
  expect(reader.answer()).toEqual(found);
});

it('takes no part of an answer for one', () => {
  const { reader } = read();
  reader.answered(Buffer.from('{}'));
  expect(() => reader.answer()).toThrow('its container has ended');
});

it('takes nothing for an answer that has another form', () => {
  const { reader } = read();
  reader.answered(Buffer.from('{"root":"."}'));
  reader.event({ n: 3, event: 'finished' });
  expect(() => reader.answer()).toThrow();
});

it('stops at an answer without an end', () => {
  const { reader, verdict } = read();
  for (let n = 0; n < 20; n++) reader.answered(Buffer.alloc(1024 ** 2, 'x'));
  expect(verdict.cause).toMatchObject({ reason: 'source_failed', message: 'it has too many packages' });
});

it('hands on the host keys that ssh met, also of a fetch that failed', () => {
  const { failed, met } = read();
  failed({ facts: { host_keys: 'example.org ssh-ed25519 AAAA' } });
  expect(met).toEqual(['example.org ssh-ed25519 AAAA']);
});

describe('says why there is no answer:', () => {
  it('in the words of the step', () => {
    const { reader, failed } = read();
    failed({ reason: 'source_failed', message: 'there is no branch x', remedy: 'Check its name.' });
    expect(refusal(reader)).toEqual({
      kind: 'source_failed',
      message: 'there is no branch x',
      remedy: 'Check its name.',
    });
  });

  it('in the last words of git, where the step has none', () => {
    const { reader, failed } = read();
    reader.log(Buffer.from('koalaci: a notice\nfatal: one\n\nfatal: \x1b[1mtwo\n'));
    failed({ reason: 'source_failed', exit_code: 1 });
    expect(refusal(reader)).toEqual({
      kind: 'source_failed',
      message: 'https://example.org/site.git?… cannot be fetched: fatal: one; fatal: \\x1b[1mtwo',
      remedy: undefined,
    });
  });

  it('and never with a secret', () => {
    const { reader, failed } = read();
    const remedy = 'Not with hunter22, opensesame or proxysecret.';
    failed({ reason: 'source_failed', message: `refused: ${URL}`, remedy });
    const { message, remedy: told } = refusal(reader);
    for (const secret of ['hunter22', 'opensesame', 'proxysecret'])
      expect(message + told).not.toContain(secret);
  });

  it.each([
    ['timed_out', 'the build took longer', 'source_failed', /^looking at https:\S+ took longer than 2 min$/],
    ['disk_limit', 'out of disk: much', 'source_failed', /^https:\S+: out of disk: much$/],
    ['runner_lost', 'the build container stopped', 'environment', /the build container stopped$/],
    ['internal', 'broken', 'internal', /broken$/],
  ] as const)('%s', (reason, message, kind, told) => {
    const { reader, verdict } = read();
    verdict.decide({ reason, message });
    expect(refusal(reader)).toMatchObject({ kind, message: expect.stringMatching(told) });
  });
});

function refusal(reader: DetectionReader) {
  try {
    return reader.answer() as never;
  } catch (error) {
    const { kind, message, remedy } = error as { kind: string; message: string; remedy?: string };
    return { kind, message, remedy };
  }
}
