import { expect, it } from 'vitest';
import type { Detection } from '../../../src/detection/detect.js';
import type { UserId } from '../../../src/job/identity.js';
import type { Verdict } from '../../../src/job/verdict.js';
import type { AskedDetection } from '../../../src/runner/detect-repository.js';
import { Detections } from '../../../src/server/detections.js';

const FOUND = { root: '.' } as Detection;
const NEVER = new AbortController().signal;
const of = (user: string): AskedDetection => ({
  user: user as UserId,
  request: { project_repo_url: 'https://example.org/site' },
});

/** Looks that go on until their verdict is decided, or `end` is called. */
function open() {
  const verdicts: Verdict[] = [];
  const ends: (() => void)[] = [];
  const detections = new Detections(
    (_, verdict) =>
      new Promise((resolve, reject) => {
        verdicts.push(verdict);
        ends.push(() => resolve(FOUND));
        const stop = () => reject(new Error(verdict.cause?.message));
        if (verdict.decided) stop();
        verdict.signal.addEventListener('abort', stop);
      }),
  );
  return { detections, verdicts, ends };
}

it('refuse what is too much for one user, and for the machine, and take it when another one has ended', async () => {
  const { detections, ends } = open();
  const first = detections.detect(of('ann'), NEVER);
  const all = [first, detections.detect(of('ann'), NEVER), detections.detect(of('bob'), NEVER)];
  const refusal = { kind: 'over_limit', retryAfter: 2 };
  await expect(detections.detect(of('ann'), NEVER)).rejects.toMatchObject(refusal);
  all.push(detections.detect(of('eve'), NEVER));
  await expect(detections.detect(of('joe'), NEVER)).rejects.toMatchObject(refusal);
  ends[0]?.();
  expect(await first).toBe(FOUND);
  all.push(detections.detect(of('joe'), NEVER));
  for (const end of ends) end();
  expect(await Promise.all(all)).toEqual(all.map(() => FOUND));
});

it('end when nobody waits for them any more, also where that was so from the start', async () => {
  const { detections, verdicts } = open();
  const client = new AbortController();
  const looking = detections.detect(of('ann'), client.signal);
  client.abort();
  await expect(looking).rejects.toThrow('nobody waits for it any more');
  await expect(detections.detect(of('ann'), client.signal)).rejects.toThrow('nobody waits');
  expect(verdicts.map(({ decided }) => decided)).toEqual([true, true]);
});

it('end with the service, which waits until they have', async () => {
  const { detections, verdicts } = open();
  const looking = detections.detect(of('ann'), NEVER);
  looking.catch(() => {});
  await detections.close();
  expect(verdicts[0]?.cause?.message).toBe('the service is stopping');
  await expect(looking).rejects.toThrow('the service is stopping');
});

it('are refused by a service that builds nothing', async () => {
  const detecting = new Detections(undefined).detect(of('ann'), NEVER);
  await expect(detecting).rejects.toMatchObject({ kind: 'environment' });
});
