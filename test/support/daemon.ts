// `koalaci serve` and `koalaci worker` as processes of their own, and requests as a panel makes them.
import { createInterface } from 'node:readline';
import type { Koalaci } from './koalaci.js';

type Env = Record<string, string>;

export interface Answer {
  status: number;
  type: string;
  text: string;
  body: { data?: unknown; error?: { code: string; message: string } };
}

export class Daemon {
  readonly url: string;
  readonly #process: ReturnType<Koalaci['start']>;

  private constructor(process: ReturnType<Koalaci['start']>, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Returns when it is ready. */
  static async start(koalaci: Koalaci, args: string[], env: Env = {}): Promise<Daemon> {
    const port = args[0] === 'serve' ? ['--port', '0'] : [];
    const process = koalaci.start([...args, ...port, '--drain', '1s'], {
      env: { KOALACI_ALLOW_LOCAL_SOURCES: '1', KOALACI_LOG: 'info', ...env },
    });
    let url = '';
    for await (const line of createInterface(process.stderr)) {
      url = /listening at (http:[^"]+)/.exec(line)?.[1] ?? url;
      if (/"msg":"ready"/.test(line)) {
        process.stderr.resume();
        return new Daemon(process, url);
      }
    }
    throw new Error(`the daemon did not start: ${(await process).stderr}`);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Stops it in an orderly way, or with a signal of the test's. Returns the exit code. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | undefined> {
    this.#process.kill(signal);
    return (await this.#process).exitCode;
  }

  async ask(method: string, path: string, options: { token?: string; body?: unknown; headers?: Env } = {}) {
    const { token, body, headers } = options;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const answer: Answer = { status: response.status, type, text, body: {} };
    return type.startsWith('application/json')
      ? { ...answer, body: JSON.parse(text) as Answer['body'] }
      : answer;
  }
}
