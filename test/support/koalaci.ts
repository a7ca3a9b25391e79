// koalaci as a user has it: the compiled command, a data directory and a Redis of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { flagsOf, payloadOf } from './payload.js';
import { forgetProjects, project } from './projects.js';
import { RedisServer } from './redis-server.js';
import { saved } from './snapshots.js';

export const ROOT = resolve(import.meta.dirname, '../..');
const COMMAND = join(ROOT, 'bin/koalaci.js');

export interface Ended {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

type Env = Record<string, string>;

export class Koalaci {
  readonly home: string;
  readonly redis: RedisServer | undefined;
  readonly #env: Env;

  private constructor(home: string, redis: RedisServer | undefined) {
    this.home = home;
    this.redis = redis;
    this.#env = { KOALACI_HOME: home, KOALACI_STANDBY: 'off', ...(redis ? { REDIS_URL: redis.url } : {}) };
  }

  /** With `koalaci init` done, for the user ann unless another one is named. */
  static async open(options: { privateRedis?: boolean; user?: string } = {}): Promise<Koalaci> {
    const home = await mkdtemp(join(tmpdir(), 'koala-home-'));
    const koalaci = new Koalaci(home, options.privateRedis ? undefined : await RedisServer.start());
    const { exitCode, stderr } = await koalaci.run(['init', '--user', options.user ?? 'ann']);
    if (exitCode !== 0) throw new Error(`koalaci init failed: ${stderr}`);
    return koalaci;
  }

  async close(): Promise<void> {
    await saved(PROJECT);
    await forgetProjects();
    await this.redis?.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs a command to its end. */
  async run(args: string[], options: { env?: Env; input?: string } = {}): Promise<Ended> {
    const { exitCode, stdout, stderr } = await this.start(args, options);
    return { exitCode, stdout: String(stdout), stderr: String(stderr) };
  }

  /** Runs a command on a terminal, at which somebody types. Returns all that reached that, line ends as the command wrote them. */
  async onTerminal(args: string[], { env = {}, typed }: { env?: Env; typed?: string } = {}): Promise<string> {
    // Nobody looks at bytes.
    const shown = args.filter((word) => word !== '--raw');
    const quoted = [process.execPath, COMMAND, ...shown].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols 80 rows 24; ${quoted.join(' ')}`;
    const { stdout } = await execa('script', ['--quiet', '--command', command, '/dev/null'], {
      reject: false,
      env: { CI: 'true', TERM: 'xterm', FORCE_COLOR: '1', ...this.#env, ...env },
      ...(typed === undefined ? { stdin: 'ignore' as const } : { input: typed }),
    });
    return stdout.replaceAll('\r\n', '\n');
  }

  /** Starts a command; it is killed when the test ends before it. */
  start(args: string[], options: { env?: Env; input?: string } = {}) {
    const started = execa(process.execPath, [COMMAND, ...args], {
      reject: false,
      // A signal of a test is the only one: koalaci has its own time to stop.
      forceKillAfterDelay: false,
      env: { CI: 'true', ...this.#env, ...options.env },
      input: options.input ?? '',
    });
    onTestFinishedIfAny(() => started.kill('SIGTERM'));
    return started;
  }

  /** Builds a job that is given by flags; the rest of the seven fields has defaults. */
  build(
    repo: string,
    fields: Partial<typeof JOB> & { id: string },
    more: string[] = [],
    env: Env = {},
  ): Promise<Ended> {
    return this.run(jobArgs(repo, fields, more), { env });
  }

  artifact(id: string, project = PROJECT): string {
    return join(this.home, 'artifacts', 'ann', project, `${id}.tar.gz`);
  }
}

/** Of its own for each test file: snapshots are the engine's, and shared by all who name the same project. */
export const PROJECT = project('site');

const JOB = { project: PROJECT, branch: 'main', command: '', manager: 'none', dist: 'public' };

/** The arguments of `koalaci run` for a job, whose output is to come as its bytes. */
export function jobArgs(
  repo: string,
  fields: Partial<typeof JOB> & { id: string },
  more: string[] = [],
): string[] {
  const { id, project, branch, command, manager, dist } = { ...JOB, ...fields };
  const payload = payloadOf({
    project_id: project,
    deployment_id: id,
    project_branch: branch,
    project_repo_url: repo,
    project_build_command: command,
    project_package_manager: manager,
    project_dist_directory: dist,
  });
  return ['run', ...flagsOf(payload), '--raw', ...more];
}

function onTestFinishedIfAny(callback: () => void): void {
  try {
    onTestFinished(callback);
  } catch {
    // Outside a test, such as in beforeAll: what is started there is awaited there.
  }
}
