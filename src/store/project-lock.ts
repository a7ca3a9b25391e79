// One process at a time switches what a project has served: the others wait. The lock of a dead one expires.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import { SWITCH_LOCK_MS, SWITCH_LOCK_RENEWAL_MS, SWITCH_LOCK_RETRY_MS } from '../settings/timing.js';
import { type Project, switchingKey } from './keys.js';
import { runScript } from './run-script.js';

/** KEYS: lock. ARGV: token, ms. Returns 1 if it was still ours. */
const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
/** KEYS: lock. ARGV: token. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

export class ProjectLock implements AsyncDisposable {
  readonly project: Project;
  /** What tells it from that of another process. */
  readonly token = randomUUID();
  readonly #redis: Redis;
  readonly #lost = new AbortController();
  #renewedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(redis: Redis, project: Project) {
    this.#redis = redis;
    this.project = project;
  }

  /** Waits until this process has the lock of a project, or the signal aborts, which it throws. */
  static async take(redis: Redis, project: Project, signal: AbortSignal): Promise<ProjectLock> {
    const lock = new ProjectLock(redis, project);
    while (!(await lock.#take())) await delay(SWITCH_LOCK_RETRY_MS, undefined, { signal });
    return lock;
  }

  /** Aborts when another process may have it. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether it is ours for certain, also if this process was stopped for a while. */
  get isOurs(): boolean {
    return !this.#lost.signal.aborted && performance.now() - this.#renewedAt < SWITCH_LOCK_MS / 2;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await runScript(this.#redis, RELEASE, [switchingKey(this.project)], [this.token]).catch(() => {});
  }

  async #take(): Promise<boolean> {
    const asked = performance.now();
    const key = switchingKey(this.project);
    if ((await this.#redis.set(key, this.token, 'PX', SWITCH_LOCK_MS, 'NX')) !== 'OK') return false;
    this.#renewedAt = asked;
    this.#timer = setInterval(() => void this.#renew().catch(() => {}), SWITCH_LOCK_RENEWAL_MS);
    return true;
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    const key = switchingKey(this.project);
    const isOurs = (await runScript(this.#redis, RENEW, [key], [this.token, SWITCH_LOCK_MS])) === 1;
    if (isOurs) this.#renewedAt = asked;
    else this.#lost.abort(lostLock());
  }
}

function lostLock(): KoalaError {
  return new KoalaError('environment', 'another process may switch the project by now');
}
