import type { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { readinessCheck, remembered } from '../../../src/server/readiness.js';

const answers = async () => 'PONG';
const fails = async () => {
  throw new Error('no socket');
};
const redisThat = (ping: () => Promise<string>) => ({ ping }) as unknown as Redis;

it.each([
  ['Redis and the engine answer', answers, answers, false, undefined],
  ['nothing is built here', answers, undefined, false, undefined],
  ['Redis is away', fails, answers, false, 'Redis does not answer: no socket'],
  ['the engine is away', answers, fails, false, 'the engine does not answer: no socket'],
  ['koalaci is stopping', answers, answers, true, 'koalaci is stopping'],
])('when %s', async (_when, ping, engine, isStopping, message) => {
  const check = readinessCheck({ redis: redisThat(ping), engine, stopping: () => isStopping });
  if (message === undefined) await expect(check()).resolves.toBeUndefined();
  else await expect(check()).rejects.toMatchObject({ kind: 'environment', message });
});

it('an answer is good for a while', async () => {
  vi.useFakeTimers();
  try {
    const ask = vi.fn(answers);
    const remember = remembered(ask, 5_000);
    await remember();
    vi.advanceTimersByTime(5_000);
    await remember();
    expect(ask).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await remember();
    expect(ask).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
