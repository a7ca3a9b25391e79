// A real redis-server of the tests' own, on a unix socket in a temporary directory.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export class RedisServer {
  readonly url: string;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
    this.url = `unix://${join(directory, 'redis.sock')}`;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await mkdtemp(join(tmpdir(), 'koala-redis-')));
    await server.up();
    return server;
  }

  /** Starts it, or starts it again with the data it had. */
  async up(): Promise<void> {
    const dir = this.#directory;
    const args = [
      '--port',
      '0',
      '--unixsocket',
      'redis.sock',
      '--dir',
      dir,
      '--appendonly',
      'yes',
      '--save',
      '',
    ];
    this.#process = spawn('redis-server', args, { cwd: dir, stdio: 'ignore' });
    const redis = this.client();
    await redis.ping();
    redis.disconnect();
  }

  /** Stops it as a machine that fails does. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process?.kill('SIGKILL')) await once(process, 'exit');
  }

  /** A client that waits for the server. */
  client(): Redis {
    const redis = new Redis(this.url.replace('unix://', ''), {
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
    });
    redis.on('error', () => {});
    return redis;
  }

  /** All keys and values, as text. */
  async contents(): Promise<string> {
    const client = this.client();
    const keys = await client.keys('*');
    const parts = await Promise.all(
      keys.map(async (key) => key + JSON.stringify(await valueAt(client, key))),
    );
    client.disconnect();
    return parts.join('\n');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function valueAt(client: Redis, key: string): Promise<unknown> {
  const read: Record<string, () => Promise<unknown>> = {
    string: () => client.get(key),
    hash: () => client.hgetall(key),
    list: () => client.lrange(key, 0, -1),
    set: () => client.smembers(key),
    zset: () => client.zrange(key, '0', '-1'),
    stream: () => client.xrange(key, '-', '+'),
  };
  return read[await client.type(key)]?.();
}
