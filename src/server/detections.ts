// The repositories that are being looked at for clients, a few at once: they run beside the builds, and in no queue.
import type { Detection } from '../detection/detect.js';
import { KoalaError } from '../job/errors.js';
import { overLimit } from '../job/user-limits.js';
import { Verdict } from '../job/verdict.js';
import type { AskedDetection } from '../runner/detect-repository.js';
import type { Services } from './services.js';

/** At once, of one user and of all. Each takes some seconds, and memory that builds could use. */
const MOST_OF_USER = 2;
const MOST = 4;
const RETRY_SECONDS = 2;

export class Detections {
  readonly #look: Services['look'];
  readonly #running = new Map<Verdict, { user: string; looking: Promise<unknown> }>();

  constructor(look: Services['look']) {
    this.#look = look;
  }

  /**
   * Looks at a repository. Ends when `gone` aborts.
   * @throws KoalaError `over_limit` when too many are looked at already, `environment` where nothing is built
   */
  async detect(asked: AskedDetection, gone: AbortSignal): Promise<Detection> {
    if (!this.#look)
      throw new KoalaError('environment', 'this service only accepts jobs: it cannot look at repositories');
    const all = [...this.#running.values()];
    const own = all.filter(({ user }) => user === asked.user);
    const most = own.length >= MOST_OF_USER ? MOST_OF_USER : MOST;
    if (own.length >= MOST_OF_USER || all.length >= MOST)
      throw overLimit('repositories that are looked at at once', most, RETRY_SECONDS);
    const verdict = new Verdict();
    const stop = () => verdict.decide({ reason: 'canceled', message: 'nobody waits for it any more' });
    gone.addEventListener('abort', stop, { once: true });
    if (gone.aborted) stop();
    const looking = this.#look(asked, verdict);
    this.#running.set(verdict, { user: asked.user, looking });
    return looking.finally(() => {
      this.#running.delete(verdict);
      gone.removeEventListener('abort', stop);
    });
  }

  /** Ends all, and returns when their containers are gone. */
  async close(): Promise<void> {
    const all = [...this.#running];
    for (const [verdict] of all) verdict.decide({ reason: 'canceled', message: 'the service is stopping' });
    await Promise.allSettled(all.map(([, { looking }]) => looking));
  }
}
