// gitlab-ci-local with a warm cache of the package manager. It needs Node 22, and rsync in a helper image.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ca } from '../ca.js';
import type { Contender, Subject } from '../contender.js';

/** Node.js itself, without a script that would have to fetch it. */
const NODE = `node-linux-${process.arch}`;
const HELPER = 'firecow/gitlab-ci-local-util:latest';

export class GitlabBuild implements Contender {
  readonly name = 'gitlab-ci-local';
  readonly #subject: Subject;
  readonly #tools: string;

  private constructor(subject: Subject, tools: string) {
    this.#subject = subject;
    this.#tools = tools;
  }

  static async open(subject: Subject): Promise<GitlabBuild> {
    const tools = join(subject.work, '../../gitlab-ci-local');
    await mkdir(tools, { recursive: true });
    await writeFile(join(tools, 'package.json'), '{"private":true}');
    const packages = [`${NODE}@22`, 'gitlab-ci-local@4'];
    await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
      cwd: tools,
    });
    await helperImage(subject.image);
    return new GitlabBuild(subject, tools);
  }

  async cool(): Promise<void> {
    await rm(join(this.#subject.work, 'tree'), { recursive: true, force: true });
    await rm(join(this.#subject.work, 'state'), { recursive: true, force: true });
  }

  async build(): Promise<void> {
    const { repo, work } = this.#subject;
    const tree = join(work, 'tree');
    await rm(tree, { recursive: true, force: true });
    await execa('git', ['clone', '--quiet', '--depth=1', `file://${repo}`, tree]);
    // It reads the name of the project from there, and asks nobody.
    await execa('git', ['-C', tree, 'remote', 'set-url', 'origin', 'git@gitlab.example:bench/bench.git']);
    await writeFile(join(tree, '.gitlab-ci.yml'), pipeline(this.#subject));
    const bin = join(this.#tools, `node_modules/${NODE}/bin/node`);
    const program = join(this.#tools, 'node_modules/gitlab-ci-local/dist/index.js');
    const trust = ca ? ['--volume', `${ca}:/ca.pem:ro`, '--variable', 'NODE_EXTRA_CA_CERTS=/ca.pem'] : [];
    const where = ['--state-dir', '../state', '--no-artifacts-to-source'];
    await execa(bin, [program, ...where, ...trust, '--pull-policy', 'if-not-present', 'build'], {
      cwd: tree,
    });
  }
}

/** Any image with bash and rsync will do. */
async function helperImage(image: string): Promise<void> {
  if (!(await execa('docker', ['image', 'inspect', HELPER], { reject: false })).failed) return;
  const name = `koala-bench-${process.pid}`;
  const install = 'apt-get update -qq && apt-get install -y -qq rsync >/dev/null';
  await execa('docker', ['run', '--name', name, image, 'bash', '-c', install]);
  await execa('docker', ['commit', name, HELPER]);
  await execa('docker', ['rm', name]);
}

function pipeline({ project, image }: Subject): string {
  const install =
    project.manager === 'pnpm'
      ? 'pnpm install --frozen-lockfile --store-dir .cache-of-packages'
      : 'npm ci --prefer-offline --cache .cache-of-packages';
  return JSON.stringify({
    build: {
      image,
      variables: { CI: 'true', pnpm_config_pm_on_fail: 'ignore', pnpm_config_strict_dep_builds: 'false' },
      cache: { key: 'packages', paths: ['.cache-of-packages/', '.next/cache/'] },
      script: [install, project.command],
      artifacts: { paths: [project.dist] },
    },
  });
}
