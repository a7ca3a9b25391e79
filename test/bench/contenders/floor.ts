// The floor: nothing but the build command, by docker run, in a tree that is ready for it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Contender, Subject } from '../contender.js';
import type { KoalaciBuild } from './koalaci.js';

export class FloorBuild implements Contender {
  readonly name = 'floor';
  readonly #subject: Subject;
  readonly #koalaci: KoalaciBuild;
  #tree = '';

  private constructor(subject: Subject, koalaci: KoalaciBuild) {
    this.#subject = subject;
    this.#koalaci = koalaci;
  }

  static async open(subject: Subject, koalaci: KoalaciBuild): Promise<FloorBuild> {
    return new FloorBuild(subject, koalaci);
  }

  /** There is no cold floor: its tree is what the others have to make. */
  async cool(): Promise<void> {
    this.#tree = '';
  }

  async build(): Promise<void> {
    const { project, work } = this.#subject;
    const changed = await readFile(join(work, 'tree', project.oneLine.path));
    const env = ['CI=true', 'HOME=/home/build', 'pnpm_config_pm_on_fail=ignore'].flatMap((pair) => [
      '--env',
      pair,
    ]);
    const script = `cat >"$1" && ${project.command}`;
    const args = [
      'run',
      '--rm',
      '--interactive',
      '--user',
      'build',
      ...env,
      this.#tree,
      'bash',
      '-c',
      script,
      'bash',
    ];
    await execa('docker', [...args, project.oneLine.path], { input: changed });
  }

  /** The ready tree is the one that koalaci left, which has no dist directory and every cache. */
  async prepare(): Promise<void> {
    const { repo, work } = this.#subject;
    this.#tree = await this.#koalaci.readyTree();
    await execa('rm', ['-rf', join(work, 'tree')]);
    await execa('git', ['clone', '--quiet', '--depth=1', `file://${repo}`, join(work, 'tree')]);
  }
}
