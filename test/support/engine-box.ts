// A Docker engine in a box of its own: name spaces for processes, mounts and network, so that it neither meets the engine of this
// machine nor leaves anything behind. To end the box is what a power cut does. Needs root.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from './until.js';

/**
 * The first process of the box. It ends when its stdin does, which is when the test ends, however that ends; all others end with
 * it. What the engine keeps in /run is the box's own, and new after a power cut.
 */
const INIT = `set -e
mount -t tmpfs none "$1"
mkdir -p /run/containerd; mount -t tmpfs none /run/containerd
ip link set lo up
echo ready; read -r _`;

/** The engine of a data root. */
export class EngineBox {
  /** What `docker` needs, and koalaci. */
  readonly env: { DOCKER_HOST: string };
  readonly #directory: string;
  readonly #cgroup = `koala-${randomBytes(6).toString('hex')}`;
  #box: ChildProcess | undefined;
  #engine: ChildProcess | undefined;

  /** Everything of it is in `directory`. Its socket's path must be short enough: 107 bytes. */
  constructor(directory: string) {
    this.#directory = directory;
    this.env = { DOCKER_HOST: `unix://${join(directory, 'engine.sock')}` };
  }

  /** Starts it, or starts it again with what it had. Returns when it answers. */
  async up(): Promise<void> {
    this.#box ??= await this.#startBox();
    const box = childOf(this.#box);
    const enter = ['--target', String(box), '--mount', '--net', '--pid', 'bash', '-c'];
    // The pid files are of killed ones: their numbers may be others' by now.
    const command = 'rm -f "$1"/*.pid "$1"/*/*.pid; shift; exec dockerd "$@"';
    const engine = spawn(
      'nsenter',
      [...enter, command, 'bash', join(this.#directory, 'run'), ...this.#flags()],
      {
        stdio: 'ignore',
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
      },
    );
    this.#engine = engine;
    await until(async () => {
      if (engine.exitCode !== null) throw new Error(`dockerd ended: exit code ${engine.exitCode}`);
      return this.docker('version').then(Boolean, () => false);
    });
  }

  /** Runs a docker command on it. */
  async docker(...args: string[]): Promise<string> {
    return (await execa('docker', args, { env: this.env })).stdout;
  }

  /** Ends the engine: its containers end now with SIGTERM, and with SIGKILL when it comes back. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    if (!engine || engine.exitCode !== null) return;
    const ended = once(engine, 'exit');
    process.kill(childOf(engine), signal);
    await ended;
  }

  /** It takes connections, and answers nothing. */
  freeze(): void {
    if (this.#engine) process.kill(childOf(this.#engine), 'SIGSTOP');
  }

  thaw(): void {
    if (!this.#engine) return;
    process.kill(childOf(this.#engine), 'SIGCONT');
    // nsenter has stopped with it.
    this.#engine.kill('SIGCONT');
  }

  /** Ends all that runs in the box at once, as when the machine loses its power. */
  async cut(): Promise<void> {
    const box = this.#box;
    this.#box = this.#engine = undefined;
    if (!box) return;
    const ended = once(box, 'exit');
    box.kill('SIGKILL');
    await ended;
  }

  /** Ends it, and removes all that it had. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    await until(() => this.#forgetCgroups());
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #startBox(): Promise<ChildProcess> {
    const run = join(this.#directory, 'run');
    await mkdir(run, { recursive: true });
    await writeFile(join(this.#directory, 'daemon.json'), '{}');
    const spaces = [
      '--mount',
      '--propagation',
      'slave',
      '--net',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
    ];
    const box = spawn('unshare', [...spaces, 'bash', '-c', INIT, 'bash', run], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Ctrl-C is for the tests, which end it.
      detached: true,
    });
    const [said] = await Promise.race([once(box.stdout, 'data'), once(box, 'exit')]);
    if (!String(said).startsWith('ready')) throw new Error('no box for an engine: is this root, on Linux?');
    return box;
  }

  #flags(): string[] {
    const of = (name: string) => join(this.#directory, name);
    return [
      ...['--config-file', of('daemon.json'), '--data-root', of('data'), '--exec-root', of('run')],
      ...['--pidfile', of('run/engine.pid'), '--host', this.env.DOCKER_HOST, '--bridge', 'none'],
      ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/${this.#cgroup}`],
    ];
  }

  /** Whether the kernel has let go of them. */
  async #forgetCgroups(): Promise<boolean> {
    const root = '/sys/fs/cgroup';
    const places = ['', ...(await readdir(root))].map((controller) => join(root, controller, this.#cgroup));
    const gone = await Promise.all(places.map(emptied));
    return gone.every(Boolean);
  }
}

/** Removes a control group and those in it, if it is there. Returns false while it has processes. */
async function emptied(directory: string): Promise<boolean> {
  const inside = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const below = inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  if ((await Promise.all(below.map(emptied))).includes(false)) return false;
  return rmdir(directory).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'EBUSY' && code !== 'ENOTEMPTY',
  );
}

/** The process that unshare or nsenter has started in its name spaces, by its number outside. */
function childOf({ pid }: ChildProcess): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  if (!child) throw new Error(`process ${pid} has no child`);
  return Number(child);
}
