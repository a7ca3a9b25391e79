// A real OCI registry on a port of its own, with its images in a temporary directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

export class Registry {
  readonly address: string;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(address: string, directory: string) {
    this.address = address;
    this.#directory = directory;
  }

  static async start(): Promise<Registry> {
    const registry = new Registry(
      `127.0.0.1:${await freePort()}`,
      await mkdtemp(join(tmpdir(), 'koala-registry-')),
    );
    await registry.up();
    return registry;
  }

  async up(): Promise<void> {
    const config = join(this.#directory, 'config.yml');
    const storage = { filesystem: { rootdirectory: join(this.#directory, 'data') } };
    // JSON is YAML.
    await writeFile(config, JSON.stringify({ version: '0.1', storage, http: { addr: this.address } }));
    this.#process = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
    await until(async () => (await this.ask('/v2/').catch(() => undefined)) !== undefined);
  }

  async down(): Promise<void> {
    if (!this.#process) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    this.#process = undefined;
  }

  async stop(): Promise<void> {
    await this.down();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** The answer of the registry itself, as JSON. */
  async ask(path: string): Promise<{ tags?: string[] | null }> {
    const headers = { accept: 'application/vnd.docker.distribution.manifest.v2+json, application/json' };
    return (await fetch(`http://${this.address}${path}`, { headers })).json() as Promise<{
      tags?: string[] | null;
    }>;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address && typeof address === 'object') return address.port;
  throw new Error('there is no free port');
}
