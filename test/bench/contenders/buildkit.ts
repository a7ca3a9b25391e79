// docker build with BuildKit: a Dockerfile as good as we can write it, with cache mounts for downloads and tools.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildkitClient } from '../../support/buildkit-client.js';
import { ca } from '../ca.js';
import type { Contender, Subject } from '../contender.js';
import { app, type Project } from '../projects.js';

export class BuildKitBuild implements Contender {
  readonly name = 'BuildKit';
  readonly #subject: Subject;
  readonly #client: string[];
  #isCold = true;
  /** Names the cache mounts: with another one they are empty. */
  #caches = '';

  private constructor(subject: Subject, client: string[]) {
    this.#subject = subject;
    this.#client = client;
  }

  static async open(subject: Subject): Promise<BuildKitBuild> {
    const contender = new BuildKitBuild(subject, await buildkitClient());
    await execa('git', ['clone', '--quiet', '--depth=1', `file://${subject.repo}`, contender.#tree]);
    return contender;
  }

  async cool(): Promise<void> {
    this.#isCold = true;
    this.#caches = randomBytes(4).toString('hex');
    const { project, image, sources } = this.#subject;
    await writeFile(this.#dockerfile, dockerfile(project, image, this.#caches, sources));
    await writeFile(`${this.#dockerfile}.dockerignore`, '.git\n');
  }

  async build(): Promise<void> {
    await execa('git', ['-C', this.#tree, 'fetch', '--quiet', '--depth=1', 'origin', 'main']);
    await execa('git', ['-C', this.#tree, 'reset', '--quiet', '--hard', 'FETCH_HEAD']);
    const [command = '', ...args] = this.#client;
    const secret = ca ? ['--secret', `id=ca,src=${ca}`] : [];
    const output = ['--output', `type=tar,dest=${join(this.#subject.work, 'dist.tar')}`];
    const cold = this.#isCold ? ['--no-cache'] : [];
    await execa(command, [...args, '--file', this.#dockerfile, ...secret, ...output, ...cold, this.#tree], {
      env: { DOCKER_BUILDKIT: '1' },
    });
    this.#isCold = false;
  }

  get #tree(): string {
    return join(this.#subject.work, 'tree');
  }

  get #dockerfile(): string {
    return join(this.#subject.work, 'Dockerfile');
  }
}

const TOOL_CACHES = [
  'node_modules/.cache',
  'node_modules/.vite',
  'node_modules/.astro',
  '.astro',
  '.next/cache',
];

/** Manifests first, so that the install is a layer of its own. */
function dockerfile(
  { name, command, dist, manager }: Project,
  image: string,
  caches: string,
  sources: readonly string[] = ['.'],
): string {
  const mount = (target: string) =>
    `--mount=type=cache,id=${caches}-${target.replace(/\W/g, '-')},target=${target}`;
  const install =
    manager === 'pnpm'
      ? `RUN --mount=type=secret,id=ca ${mount('/root/.local/share/pnpm')} pnpm install --frozen-lockfile`
      : `RUN --mount=type=secret,id=ca ${mount('/root/.npm')} npm ci --prefer-offline`;
  const manifests =
    name === 'monorepo'
      ? [
          'COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./',
          ...app.sources.map((path) => `COPY ${path}/package.json ${path}/`),
        ]
      : ['COPY package.json package-lock.json ./'];
  return [
    `FROM ${image} AS build`,
    'WORKDIR /app',
    'ENV CI=true NODE_EXTRA_CA_CERTS=/run/secrets/ca npm_config_audit=false npm_config_fund=false',
    'ENV pnpm_config_pm_on_fail=ignore pnpm_config_strict_dep_builds=false',
    ...manifests,
    install,
    ...sources.map((path) => `COPY ${path} ${path}`),
    `RUN ${TOOL_CACHES.map((path) => mount(`/app/${path}`)).join(' ')} ${command}`,
    'FROM scratch',
    `COPY --from=build /app/${dist} /`,
    '',
  ].join('\n');
}
