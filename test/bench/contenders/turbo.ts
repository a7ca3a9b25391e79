// turbo with a cached task, on this machine: it needs no container, and no package manager as long as nothing has to be built.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Contender, Subject } from '../contender.js';
import { app } from '../projects.js';

const CONFIGURATION = { tasks: { build: { dependsOn: ['^build'], outputs: ['dist/**'] } } };

export class TurboBuild implements Contender {
  readonly name = 'turbo';
  readonly #subject: Subject;
  readonly #tools: string;
  #isBuilt = false;

  private constructor(subject: Subject, tools: string) {
    this.#subject = subject;
    this.#tools = tools;
  }

  static async open(subject: Subject): Promise<TurboBuild> {
    const tools = join(subject.work, 'tools');
    await mkdir(tools, { recursive: true });
    await writeFile(join(tools, 'package.json'), '{"private":true}');
    await execa('npm', ['install', '--no-audit', '--no-fund', 'turbo@2', 'pnpm@10'], { cwd: tools });
    return new TurboBuild(subject, join(tools, 'node_modules/.bin'));
  }

  /** Its tree has what a build needs, but nothing is built. */
  async cool(): Promise<void> {
    const { repo, work } = this.#subject;
    await execa('rm', ['-rf', this.#tree]);
    await execa('git', ['clone', '--quiet', '--depth=1', `file://${repo}`, this.#tree]);
    await writeFile(join(this.#tree, 'turbo.json'), JSON.stringify(CONFIGURATION));
    // Its log of a build would be an input of the next one.
    await writeFile(join(this.#tree, '.git/info/exclude'), '.turbo\n');
    await this.#run('pnpm', ['install', '--frozen-lockfile', '--store-dir', join(work, 'store')]);
  }

  async build(): Promise<void> {
    await execa('git', ['-C', this.#tree, 'fetch', '--quiet', '--depth=1', 'origin', 'main']);
    await execa('git', ['-C', this.#tree, 'reset', '--quiet', '--hard', 'FETCH_HEAD']);
    await this.#namePnpm();
    const { stdout } = await this.#run('turbo', ['run', 'build', `--filter=${app.name}`]);
    // The first build fills the cache.
    if (this.#isBuilt && !stdout.includes('FULL TURBO')) throw new Error(`turbo has built anew: ${stdout}`);
    this.#isBuilt = true;
    const archive = join(this.#subject.work, 'dist.tar.gz');
    await execa('tar', ['-czf', archive, '-C', join(this.#tree, app.root, 'dist'), '.']);
  }

  /** turbo takes no monorepo whose manifest does not say so. */
  async #namePnpm(): Promise<void> {
    const manifest = join(this.#tree, 'package.json');
    const { version } = JSON.parse(await readFile(join(this.#tools, '../pnpm/package.json'), 'utf8'));
    const project = JSON.parse(await readFile(manifest, 'utf8'));
    await writeFile(manifest, JSON.stringify({ ...project, packageManager: `pnpm@${version}` }));
  }

  #run(program: string, args: string[]) {
    const env = { CI: 'true', TURBO_TELEMETRY_DISABLED: '1', PATH: `${this.#tools}:${process.env.PATH}` };
    return execa(join(this.#tools, program), args, { cwd: this.#tree, env });
  }

  get #tree(): string {
    return join(this.#subject.work, 'tree');
  }
}
