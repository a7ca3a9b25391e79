// Whether the service can accept jobs: Redis and the engine answer, and the process is not stopping.
import { KoalaError, messageOf } from '../job/errors.js';
import type { OperationServices } from './services.js';

/** How long an answer of the engine is reused: asking it starts a process, too much for every request. */
const ENGINE_MS = 5_000;

/** Returns a check that throws KoalaError `environment` while the service cannot accept jobs. */
export function readinessCheck({
  redis,
  stopping,
  engine,
}: Pick<OperationServices, 'redis' | 'stopping' | 'engine'>): () => Promise<void> {
  const askEngine = engine && remembered(engine, ENGINE_MS);
  return async () => {
    if (stopping()) throw new KoalaError('environment', 'koalaci is stopping');
    await answered('Redis', redis.ping());
    if (askEngine) await answered('the engine', askEngine());
  };
}

/** Wraps a question: its answer, also a failure, is reused for `ms` milliseconds. */
export function remembered(ask: () => Promise<unknown>, ms: number): () => Promise<unknown> {
  let answer: Promise<unknown> | undefined;
  let at = 0;
  return () => {
    if (!answer || performance.now() - at > ms) {
      at = performance.now();
      answer = ask();
    }
    return answer;
  };
}

async function answered(what: string, answer: Promise<unknown>): Promise<void> {
  await answer.catch((cause: unknown) => {
    throw new KoalaError('environment', `${what} does not answer: ${messageOf(cause)}`, { cause });
  });
}
