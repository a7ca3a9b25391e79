// `koalaci serve` that only takes jobs, as a process of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const COMMAND = new URL('../../bin/koalaci.js', import.meta.url).pathname;

export interface ServerProcess {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

/** Returns when it listens. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const home = await mkdtemp(join(tmpdir(), 'koala-serve-'));
  const args = [COMMAND, 'serve', '--concurrency', '0', '--port', '0', '--drain', '1s'];
  const child = execa(process.execPath, args, {
    env: { ...env, KOALACI_HOME: home },
    buffer: false,
    reject: false,
  });
  for await (const line of createInterface(child.stderr)) {
    const [, url] = /listening at (http:[^"]+)/.exec(line) ?? [];
    if (!url || !child.pid) continue;
    child.stderr.resume();
    return { url, pid: child.pid, stop: () => stop(child, home) };
  }
  throw new Error('the daemon did not start');
}

async function stop(child: { kill: () => boolean } & PromiseLike<unknown>, home: string): Promise<void> {
  child.kill();
  await child;
  await rm(home, { recursive: true, force: true });
}
