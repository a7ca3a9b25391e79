// Whether jobs can be taken: Redis and the engine answer, and nobody stops the process.
import { KoalaError, messageOf } from '../job/errors.js';
import type { Services } from './services.js';

/** Asking the engine starts a process: not for every request. */
const ENGINE_MS = 5_000;

/** A check that throws KoalaError `environment` while jobs cannot be taken. */
export function readinessCheck({
  redis,
  stopping,
  engine,
}: Pick<Services, 'redis' | 'stopping' | 'engine'>): () => Promise<void> {
  const askEngine = engine && remembered(engine, ENGINE_MS);
  return async () => {
    if (stopping()) throw new KoalaError('environment', 'it is being stopped');
    await answered('Redis', redis.ping());
    if (askEngine) await answered('the engine', askEngine());
  };
}

/** A question whose answer, also a failure, is good for some milliseconds. */
export function remembered(ask: () => Promise<unknown>, ms: number): () => Promise<unknown> {
  let answer: Promise<unknown> | undefined;
  let at = 0;
  return () => {
    if (!answer || Date.now() - at > ms) {
      at = Date.now();
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
