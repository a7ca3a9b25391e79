// Jobs of the user ann, handed to a service over HTTP, and what became of them.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { LOCAL_SOURCE } from '../../src/sandbox/protocol.js';
import { filesIn, sha256 } from './artifact.js';
import type { Daemon } from './daemon.js';
import { type Koalaci, PROJECT } from './koalaci.js';
import { payloadOf } from './payload.js';
import { repoOf } from './repo.js';
import { until } from './until.js';

export interface Seen {
  deployment: string;
  status: string;
  reason?: string;
  step?: string;
  message?: string;
  waits_for?: string;
  artifact?: { path: string; sha256: string };
}

/** A repository into which its builds can look. */
export async function openRepo(): Promise<string> {
  const repo = await repoOf('static');
  await chmod(repo, 0o755);
  return repo;
}

/** A shell command that waits until letGo() of its repository, in whatever container and attempt. */
export const HELD = `until [ -e ${LOCAL_SOURCE}/go ]; do sleep 0.1; done`;

/** Lets the builds of a repository go on. */
export const letGo = (repo: string) => writeFile(join(repo, 'go'), '');

export class Jobs {
  /** Another one after a restart. */
  server: Daemon;
  readonly #koalaci: Koalaci;
  readonly #token: string;

  private constructor(koalaci: Koalaci, server: Daemon, token: string) {
    this.#koalaci = koalaci;
    this.server = server;
    this.#token = token;
  }

  static async at(koalaci: Koalaci, server: Daemon): Promise<Jobs> {
    return new Jobs(koalaci, server, (await koalaci.run(['token', '--user', 'ann'])).stdout);
  }

  /** Hands in a job that ships `public`. */
  async create(repo: string, id: string, command: string, projectId = PROJECT): Promise<void> {
    const body = payloadOf({
      project_id: projectId,
      deployment_id: id,
      project_repo_url: repo,
      project_dist_directory: 'public',
      project_build_command: command,
    });
    const { status, text } = await this.ask('POST', '/job/create', body);
    expect(status, text).toBe(200);
  }

  ask(method: string, path: string, body?: unknown) {
    return this.server.ask(method, path, { token: this.#token, ...(body ? { body } : {}) });
  }

  async see(id: string): Promise<Seen> {
    return (await this.ask('GET', `/job/${id}`)).body.data as Seen;
  }

  async log(id: string): Promise<string> {
    return (await this.ask('GET', `/job/${id}/log`)).body.data as string;
  }

  /** Waits until a job is so. While the service or Redis is away, nothing is known. */
  async until(id: string, isSo: (seen: Seen) => boolean, ms?: number): Promise<Seen> {
    let last: Seen | undefined;
    const asked = until(async () => {
      last = await this.see(id).catch(() => undefined);
      return last !== undefined && isSo(last) && last;
    }, ms);
    return asked.catch(async (cause) => {
      const log = await this.log(id).catch(String);
      throw new Error(`${id} was last seen as ${JSON.stringify(last)}, with the log:\n${log}`, { cause });
    });
  }

  /** Waits until a job has ended, however. */
  end(id: string, ms?: number): Promise<Seen> {
    return this.until(id, ({ status }) => /READY|ERROR|CANCELED/.test(status), ms);
  }

  /** A READY job's archive is what its record and its manifest say. Returns its files. */
  async whole(id: string): Promise<Record<string, string>> {
    const { artifact, status, message } = await this.see(id);
    expect([id, status, message]).toEqual([id, 'READY', undefined]);
    const archive = this.#koalaci.artifact(id);
    const manifest = JSON.parse(await readFile(archive.replace('.tar.gz', '.json'), 'utf8'));
    const sum = await sha256(archive);
    expect([id, artifact?.sha256, manifest.sha256]).toEqual([id, sum, sum]);
    return filesIn(archive);
  }
}
