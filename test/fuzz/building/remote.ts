// The repositories that the builds fetch from: bare ones, into which a tree is written without a checkout.
import { join } from 'node:path';
import { execa } from 'execa';
import type { Tree } from '../project/model.js';

export class Remote {
  readonly #directory: string;

  /** Keeps its repositories in `directory`. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async create(name: string): Promise<void> {
    await execa('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', this.#path(name)], QUIET);
  }

  /** Writes a commit onto a branch; `force`: without what was on it before. */
  async push(name: string, branch: string, tree: Tree, options: { force?: boolean } = {}): Promise<string> {
    const ref = `refs/heads/${branch}`;
    const [parent] = options.force ? [] : await this.#resolve(name, ref);
    const input = Buffer.concat([
      Buffer.from(head(ref, parent)),
      ...[...tree].flatMap(([path, entry]) => member(path, entry)),
    ]);
    await execa('git', ['fast-import', '--quiet', '--force'], { ...QUIET, cwd: this.#path(name), input });
    const [sha = ''] = await this.#resolve(name, ref);
    return sha;
  }

  async #resolve(name: string, ref: string): Promise<string[]> {
    const { stdout } = await execa('git', ['for-each-ref', '--format=%(objectname)', ref], {
      ...QUIET,
      cwd: this.#path(name),
    });
    return stdout.split('\n').filter(Boolean);
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.git`);
  }
}

const QUIET = { env: { GIT_CONFIG_GLOBAL: '/dev/null' } };

/** The same time always: commits of the same tree are the same. */
function head(ref: string, parent: string | undefined): string {
  const from = parent ? `from ${parent}\n` : `reset ${ref}\n\n`;
  const commit = `commit ${ref}\ncommitter t <t@localhost> 1700000000 +0000\ndata 6\nchange\n`;
  return parent ? `${commit}${from}deleteall\n` : `${from}${commit}deleteall\n`;
}

function member(path: string, entry: Tree extends Map<string, infer E> ? E : never): Buffer[] {
  const at = `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  if ('commit' in entry) return [Buffer.from(`M 160000 ${entry.commit} ${at}\n`)];
  const bytes = 'bytes' in entry ? entry.bytes : Buffer.from('link' in entry ? entry.link : entry.text);
  const mode = 'link' in entry ? '120000' : 'executable' in entry && entry.executable ? '100755' : '100644';
  return [Buffer.from(`M ${mode} inline ${at}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
}
