// The branch that is built: a repository in which a project is changed, and the bare one that the contenders fetch from.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../support/repo.js';
import { type OneLine, type Project, prepare, withDependency } from './projects.js';

export class Branch {
  readonly bare: string;
  readonly #tree: string;
  readonly #project: Project;
  #dependencies = 0;

  private constructor(project: Project, work: string) {
    this.#project = project;
    this.#tree = join(work, 'source');
    this.bare = join(work, 'repo.git');
  }

  static async create(project: Project, work: string): Promise<Branch> {
    const branch = new Branch(project, work);
    await prepare(project.name, branch.#tree);
    await git(work, 'init', '--quiet', '--bare', '--initial-branch', 'main', branch.bare);
    await git(branch.#tree, 'init', '--quiet', '--initial-branch', 'main');
    await branch.#push();
    return branch;
  }

  /** Of the project's one line, unless it is another one. */
  async changeLine({ path, edit }: OneLine = this.#project.oneLine): Promise<void> {
    const file = join(this.#tree, path);
    await writeFile(file, edit(await readFile(file, 'utf8')));
    await this.#push();
  }

  /** Another one each time, in the place of the one before. */
  async addDependency(): Promise<void> {
    const { names } = this.#project.dependency;
    const files = await withDependency(this.#project, names[this.#dependencies++ % names.length] ?? '');
    for (const [path, content] of Object.entries(files)) await writeFile(join(this.#tree, path), content);
    await this.#push();
  }

  async #push(): Promise<void> {
    await git(this.#tree, 'add', '--all');
    await git(this.#tree, 'commit', '--quiet', '--message', 'a change');
    await git(this.#tree, 'push', '--quiet', this.bare, 'main');
  }
}
