// koalaci run, as a user types it.
import { join } from 'node:path';
import { execa } from 'execa';
import { docker } from '../../support/docker.js';
import { RedisServer } from '../../support/redis-server.js';
import { forget } from '../../support/snapshots.js';
import { forgetTrees } from '../../support/trees.js';
import { until } from '../../support/until.js';
import type { Contender, Subject } from '../contender.js';

const COMMAND = new URL('../../bin/koalaci.js', import.meta.url).pathname;

export class KoalaciBuild implements Contender {
  readonly name = 'koalaci';
  readonly #subject: Subject;
  readonly redis: RedisServer;
  readonly #project: string;
  #isCold = true;

  private constructor(subject: Subject, redis: RedisServer) {
    this.#subject = subject;
    this.redis = redis;
    this.#project = `bench-${subject.project.name}-${process.pid}`;
  }

  static async open(subject: Subject): Promise<KoalaciBuild> {
    const contender = new KoalaciBuild(subject, await RedisServer.start());
    await contender.run(['init', '--user', 'ann']);
    return contender;
  }

  async cool(): Promise<void> {
    await this.#stopWaiting();
    await forget(this.#project);
    this.#isCold = true;
  }

  async build(): Promise<void> {
    await this.run(this.jobArgs());
    this.#isCold = false;
  }

  /** The snapshot is saved and the branch's containers wait, as it is when somebody pushes the next commit. */
  async settle(): Promise<void> {
    await until(async () => {
      const names = await this.#containers();
      return names.length === 2 && names.every((name) => name.startsWith('koalaci-standby-'));
    }, 300_000);
  }

  async close(): Promise<void> {
    await this.cool();
    await forgetTrees(this);
    await this.redis.stop();
  }

  /** The image of the ready tree, for those who build in it by hand. */
  async readyTree(): Promise<string> {
    const filters = ['--filter', `label=koalaci.project=${this.#project}`];
    const ids = await docker('image', 'ls', '--quiet', ...filters);
    return ids.split('\n')[0] ?? '';
  }

  /** What koalaci answers to a question. */
  async ask(args: string[]): Promise<string> {
    return (await execa(process.execPath, [COMMAND, ...args], { env: this.#env })).stdout;
  }

  /** Runs koalaci; its output goes to a pipe that is read. */
  run(args: string[]) {
    const env = this.#env;
    return execa(process.execPath, [COMMAND, ...args], { env, buffer: { stdout: false }, stdout: ['pipe'] });
  }

  jobArgs(fields: { id?: string; command?: string; dist?: string; manager?: string } = {}): string[] {
    const { project, repo } = this.#subject;
    const {
      id = 'bench',
      command = project.command,
      dist = project.dist,
      manager = project.manager,
    } = fields;
    return [
      'run',
      ...['--project-id', this.#project, '--deployment-id', id, '--branch', 'main', '--repo-url', repo],
      ...['--build-command', command, '--package-manager', manager, '--dist-directory', dist],
      ...(this.#isCold ? ['--no-cache'] : []),
    ];
  }

  get home(): string {
    return join(this.#subject.work, 'home');
  }

  get #env() {
    const { image } = this.#subject;
    return { CI: 'true', KOALACI_HOME: this.home, REDIS_URL: this.redis.url, KOALACI_IMAGE: image };
  }

  async #containers(): Promise<string[]> {
    const filter = ['--filter', `label=koalaci.project=${this.#project}`];
    return (await docker('ps', '--all', ...filter, '--format', '{{.Names}}')).split('\n').filter(Boolean);
  }

  /** The container that waits; the one before it may be on its way out. */
  async #stopWaiting(): Promise<void> {
    await until(async () => {
      const names = await this.#containers();
      if (names.length > 0) await docker('rm', '--force', '--volumes', ...names).catch(() => {});
      return names.length === 0;
    });
  }
}
