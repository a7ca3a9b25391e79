// Replays commits of a repository through koalaci, builds what was reused once more, and compares.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Koalaci } from '../support/koalaci.js';
import { forgetProjects, project } from '../support/projects.js';
import { saved } from '../support/snapshots.js';
import { forgetTrees } from '../support/trees.js';
import type { Replayed } from './replay.js';

export interface Rebuilding {
  /** A repository of this machine, and commits of it, in this order. */
  repo: string;
  commits: readonly string[];
  jobs: readonly { root: string; command: string; dist: string; manager: string }[];
  /** One reuse in so many is built once more. */
  compareEvery: number;
  say: (line: string) => void;
}

const REUSE = { KOALACI_REUSE: 'related', KOALACI_REUSE_AUDIT: 'off', KOALACI_REUSE_TTL: '7d' };

/** Replays them. `possible`: the jobs whose artifact was that of an earlier build, reused or not. */
export async function rebuild({ repo, commits, jobs, compareEvery, say }: Rebuilding): Promise<Replayed> {
  const work = await mkdtemp(join(tmpdir(), 'koala-replay-'));
  const koalaci = await Koalaci.open();
  const branch = join(work, 'branch.git');
  const result: Replayed = { hits: 0, wrong: [], possible: 0 };
  const lanes = jobs.map((job) => new Lane(koalaci, branch, job));
  try {
    await execa('git', ['clone', '--quiet', '--bare', repo, branch]);
    for (const [at, commit] of commits.entries()) {
      await execa('git', ['--git-dir', branch, 'update-ref', 'refs/heads/main', commit]);
      for (const lane of lanes) {
        const one = await lane.build(`${at}`);
        if (one.reused) result.hits++;
        if (one.reused || one.isKnown) result.possible++;
        if (!one.reused || result.hits % compareEvery !== 0) say(`${at} ${lane.root}: ${one.why}`);
        else {
          const again = await lane.buildAgain(`${at}`);
          say(`${at} ${lane.root}: ${one.why}; ${again === one.digest ? 'the same' : 'WRONG'}`);
          if (again !== one.digest) result.wrong.push(`${lane.root} at ${commit}: ${one.why}`);
        }
      }
    }
    return result;
  } finally {
    await forgetTrees(koalaci);
    await forgetProjects();
    await koalaci.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** The builds of one package. */
class Lane {
  readonly root: string;
  readonly #koalaci: Koalaci;
  readonly #branch: string;
  readonly #job: Rebuilding['jobs'][number];
  /** The digests of what was built, and not reused. */
  readonly #known = new Set<string>();
  readonly #projects: { reusing: string; again: string };

  constructor(koalaci: Koalaci, branch: string, job: Rebuilding['jobs'][number]) {
    const name = job.root.replace(/\W+/g, '-');
    this.root = job.root;
    this.#koalaci = koalaci;
    this.#branch = branch;
    this.#job = job;
    this.#projects = { reusing: project(`${name}-reusing`), again: project(`${name}-again`) };
  }

  async build(at: string) {
    const { said, digest } = await this.#run(at, this.#projects.reusing, REUSE);
    const why = /^koalaci: ((?:reused|built).*)/m.exec(said)?.[1] ?? 'nothing is said of reuse';
    const isKnown = this.#known.has(digest);
    this.#known.add(digest);
    return { reused: why.startsWith('reused'), why, digest, isKnown };
  }

  async buildAgain(at: string): Promise<string> {
    return (await this.#run(`again-${at}`, this.#projects.again, { KOALACI_REUSE: 'off' })).digest;
  }

  async #run(at: string, id: string, env: Record<string, string>): Promise<{ said: string; digest: string }> {
    const { root, command, dist, manager } = this.#job;
    const deployment = `${id}-${at}`;
    const fields = { id: deployment, project: id, command, dist, manager };
    const { exitCode, stdout, stderr } = await this.#koalaci.build(
      this.#branch,
      fields,
      ['--root', root, '--no-skip-ci'],
      env,
    );
    // A commit that cannot be built is a part of histories; nothing is reused of it.
    if (exitCode !== 0)
      return { said: `koalaci: built: it failed: ${stderr.trim().split('\n').at(-1)}`, digest: at };
    await saved(id);
    const status = await this.#koalaci.run(['status', deployment, '--json']);
    return { said: stdout, digest: JSON.parse(status.stdout).artifact.digest };
  }
}
