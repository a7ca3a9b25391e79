// koalaci run where the job may have the artifact of an earlier build.
import type { Contender, Subject } from '../contender.js';
import { app } from '../projects.js';
import { KoalaciBuild } from './koalaci.js';

export class ReusingBuild implements Contender {
  readonly name = 'koalaci';
  readonly #koalaci: KoalaciBuild;
  readonly #mode: 'same' | 'related';
  #builds = 0;

  private constructor(koalaci: KoalaciBuild, mode: 'same' | 'related') {
    this.#koalaci = koalaci;
    this.#mode = mode;
  }

  static async open(subject: Subject, mode: 'same' | 'related'): Promise<ReusingBuild> {
    return new ReusingBuild(await KoalaciBuild.open(subject), mode);
  }

  cool(): Promise<void> {
    return this.#koalaci.cool();
  }

  async build(): Promise<void> {
    await this.#run(`reusing-${++this.#builds}`);
  }

  /** The first build is done; the others have to be reused. */
  async settle(): Promise<void> {
    if (this.#builds === 1) return this.#koalaci.settle();
    const record = JSON.parse(await this.#koalaci.ask(['status', `reusing-${this.#builds}`, '--json']));
    if (!record.reused_from) throw new Error('koalaci has built what it should have reused');
  }

  close(): Promise<void> {
    return this.#koalaci.close();
  }

  async #run(id: string): Promise<void> {
    const job = this.#koalaci.jobArgs({ id, command: app.command, dist: 'dist' });
    const wanted = job.filter((word) => word !== '--no-cache');
    await this.#koalaci.run([...wanted, '--root', app.root, '--reuse', this.#mode]);
  }
}
