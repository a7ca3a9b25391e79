// One lane of the search: a koalaci and repositories of its own, in which one history after another is built.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '../../support/docker.js';
import { GitServer } from '../../support/git-server.js';
import { jobArgs, Koalaci } from '../../support/koalaci.js';
import { storeLfs } from '../../support/lfs.js';
import { until } from '../../support/until.js';
import { lockfileOf } from '../lockfiles/lockfile.js';
import { contentOf, VERSIONS } from '../project/lfs.js';
import { isBerry, type Project, rootOf } from '../project/model.js';
import { treeOf } from '../project/tree.js';
import { entriesOf, type Result } from './artifact.js';
import { commandOf } from './command.js';
import { isBeingSaved } from './post-builds.js';
import { Remote } from './remote.js';

/** A snapshot is flattened often, and so is met flat as well. */
const ENV = { KOALACI_SNAPSHOT_LAYERS: '6' };

/** A build's result, and what it says of how it was made. */
export interface Built {
  result: Result;
  warm: boolean;
  skipped: boolean;
}

export interface Order {
  project: Project;
  /** Where koalaci keeps what it knows: a name for project_id. */
  id: string;
  url: string;
  standby?: boolean;
  clean?: boolean;
  /** What the build does at last. */
  end?: string;
}

interface Snapshot {
  project: string;
  bytes: number;
}

export class Lane {
  readonly koalaci: Koalaci;
  readonly #directory: string;
  readonly #server: GitServer;
  readonly #remote: Remote;
  readonly #submodule: string[] = [];
  readonly #clean = newId('clean');

  private constructor(koalaci: Koalaci, directory: string, server: GitServer) {
    this.koalaci = koalaci;
    this.#directory = directory;
    this.#server = server;
    this.#remote = new Remote(directory);
  }

  static async open(): Promise<Lane> {
    const directory = await mkdtemp(join(tmpdir(), 'koala-fuzz-'));
    const lane = new Lane(await Koalaci.open(), directory, await GitServer.start(directory, PASSWORD));
    await lane.#remote.create('sub');
    for (const version of [1, 2, 3]) {
      const tree = new Map([
        ['sub.txt', { text: `${version}\n` }],
        [`only-${version}`, { text: '' }],
      ]);
      lane.#submodule[version] = await lane.#remote.push('sub', 'main', tree);
    }
    for (const name of ['main', 'fork']) {
      await lane.#remote.create(name);
      // The fork lacks one: what a build of the other repository has left would do there.
      const stored = name === 'fork' ? VERSIONS.slice(0, -1) : VERSIONS;
      for (const version of stored) await storeLfs(join(lane.#directory, `${name}.git`), contentOf(version));
    }
    return lane;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forget(this.#clean);
    await this.#server.stop();
    await this.koalaci.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Commits a project to its branch. Returns the address of its repository. */
  async push({ project, force }: { project: Project; force?: boolean }): Promise<string> {
    const tree = treeOf(project, (version) => this.#submodule[version] ?? '');
    await this.#remote.push(project.repository, project.branch, tree, { force: force ?? false });
    return this.#server.withPassword(`${project.repository}.git`, PASSWORD);
  }

  async build(order: Order): Promise<Built> {
    const { exitCode, stderr } = await this.koalaci.run(this.#args(order), { env: this.#env(order) });
    const ending = /^(READY|(?:ERROR|CANCELED) \w+)/m.exec(stderr)?.[1] ?? `exit code ${exitCode}\n${stderr}`;
    const entries =
      ending === 'READY' ? await entriesOf(this.koalaci.artifact(this.#id(order), order.id)) : {};
    return {
      result: { ending: `${ending} ${exitCode}`, ...entries },
      warm: /^. source .*, warm/m.test(stderr),
      skipped: /^– install.*unchanged/m.test(stderr),
    };
  }

  /** A build from nothing, whose snapshot is not wanted. */
  async buildClean(project: Project, url: string): Promise<Result> {
    const { result } = await this.build({ project, id: this.#clean, url, clean: true });
    await this.drop(this.#clean);
    return result;
  }

  /** Starts a build, and interrupts it in its step build. */
  async cancel(order: Order): Promise<void> {
    const building = this.koalaci.start(this.#args({ ...order, end: 'sleep 600' }), {
      env: this.#env(order),
    });
    let said = '';
    building.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
      if (/^ {2}build …/m.test(said)) building.kill('SIGINT');
    });
    await building;
  }

  /** Waits until nothing of a project is being saved any more, and the container that waits for the next build is there. */
  async rested(id: string): Promise<void> {
    await until(async () => !(await isBeingSaved(id)), 120_000);
  }

  /** Removes the containers of a project, and so keeps what they hold from being saved. */
  async drop(id: string): Promise<void> {
    const ids = await docker('ps', '--all', '--quiet', '--filter', `label=koalaci.project=${id}`);
    if (ids) await docker('rm', '--force', ...ids.split('\n')).catch(() => {});
  }

  /** Bytes of a project's snapshot. */
  async size(id: string): Promise<number> {
    const entries = JSON.parse((await this.koalaci.run(['cache', 'ls', '--json'])).stdout) as Snapshot[];
    const found = entries.find(({ project }) => project === id);
    if (!found) throw new Error(`${id} has no snapshot`);
    return found.bytes;
  }

  async forget(id: string): Promise<void> {
    await this.rested(id);
    await this.koalaci.run(['cache', 'rm', id]);
    await this.drop(id);
  }

  #args(order: Order): string[] {
    const { project, id, url, clean, end } = order;
    const root = rootOf(project);
    const job = {
      ...{ id: this.#id(order), project: id, branch: project.branch, manager: managerOf(project) },
      ...{ command: commandOf(project, end), dist: project.dist },
    };
    return jobArgs(url, job, [
      ...(root ? ['--root', root] : []),
      ...(clean ? ['--no-cache'] : []),
      ...Object.entries(project.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ]);
  }

  #id({ clean }: Order): string {
    return clean ? 'clean' : 'warm';
  }

  #env({ standby, clean }: Order): Record<string, string> {
    return { ...ENV, KOALACI_STANDBY: standby && !clean ? '5m' : 'off' };
  }
}

const PASSWORD = 'pw';

/** The job's package manager. It is found by the lockfile. */
function managerOf(project: Project): string {
  if (project.auto && lockfileOf(project)) return 'auto';
  return isBerry(project) ? 'yarn' : project.manager;
}

let ids = 0;

/** A name for project_id that nobody else has, in another lane neither. */
export function newId(name: string): string {
  return `fuzz-${name}-${process.pid}-${Date.now().toString(36)}-${++ids}`;
}
