// A script as many write it by hand: clone, unpack the package manager's cache, install, build, pack both again.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { caArgs } from '../ca.js';
import type { Contender, Subject } from '../contender.js';

const INSTALL = {
  npm: { command: 'npm ci --prefer-offline', cache: '.npm' },
  pnpm: { command: 'pnpm install --frozen-lockfile', cache: '.local/share/pnpm' },
} as const;

export class ScriptBuild implements Contender {
  readonly name = 'tar.gz script';
  readonly #subject: Subject;

  private constructor(subject: Subject) {
    this.#subject = subject;
  }

  static async open(subject: Subject): Promise<ScriptBuild> {
    const { project, work } = subject;
    const { command, cache } = INSTALL[project.manager as keyof typeof INSTALL];
    const inside = `set -e
if [ -f /cache/cache.tar.gz ]; then tar -xzf /cache/cache.tar.gz -C /root; fi
${command}
${project.command}
tar -czf /cache/dist.tar.gz -C ${project.dist} .
tar -czf /cache/cache.tar.gz -C /root ${cache}
`;
    await mkdir(work, { recursive: true });
    await writeFile(join(work, 'inside.sh'), inside);
    return new ScriptBuild(subject);
  }

  async cool(): Promise<void> {
    await rm(this.#cache, { recursive: true, force: true });
    await mkdir(this.#cache);
  }

  async build(): Promise<void> {
    const { work, repo, image } = this.#subject;
    const tree = join(work, 'tree');
    await rm(tree, { recursive: true, force: true });
    await execa('git', ['clone', '--quiet', '--depth=1', `file://${repo}`, tree]);
    const mounts = [`${tree}:/tree`, `${this.#cache}:/cache`, `${join(work, 'inside.sh')}:/inside.sh:ro`];
    const env = ['CI=true', 'pnpm_config_pm_on_fail=ignore', 'pnpm_config_strict_dep_builds=false'];
    await execa('docker', [
      ...['run', '--rm', '--workdir', '/tree', ...caArgs],
      ...mounts.flatMap((mount) => ['--volume', mount]),
      ...env.flatMap((pair) => ['--env', pair]),
      ...[image, 'bash', '/inside.sh'],
    ]);
  }

  get #cache(): string {
    return join(this.#subject.work, 'cache');
  }
}
