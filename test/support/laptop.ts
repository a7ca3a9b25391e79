// A machine that has koalaci's command and nothing else: no engine, no Redis, no secret. It asks a service.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended, Koalaci } from './koalaci.js';

export class Laptop {
  readonly home: string;
  readonly #koalaci: Koalaci;
  readonly #env: Record<string, string>;

  private constructor(koalaci: Koalaci, home: string, env: Record<string, string>) {
    this.#koalaci = koalaci;
    this.home = home;
    this.#env = env;
  }

  /** `env` says which service, or nothing before a login. */
  static async open(koalaci: Koalaci, env: Record<string, string> = {}): Promise<Laptop> {
    const home = await mkdtemp(join(tmpdir(), 'koala-laptop-'));
    return new Laptop(koalaci, home, {
      ...{ KOALACI_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config'), REDIS_URL: '' },
      ...{ KOALACI_DOCKER: '/nonexistent', HOME: home },
      ...env,
    });
  }

  async close(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  run(args: string[], options: { env?: Record<string, string>; input?: string } = {}): Promise<Ended> {
    return this.#koalaci.run(args, { ...options, env: { ...this.#env, ...options.env } });
  }

  start(args: string[]) {
    return this.#koalaci.start(args, { env: this.#env });
  }
}
