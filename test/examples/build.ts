// Builds an example with koalaci, as a user types it.
import { join } from 'node:path';
import { execa } from 'execa';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { forget, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';
import type { Example } from './example.js';

const COMMAND = new URL('../../bin/koalaci.js', import.meta.url).pathname;

/** Where and with what examples are built. */
export interface Workshop {
  env: Record<string, string>;
  home: string;
}

export interface Built {
  seconds: number;
  installSkipped: boolean;
  /** Path → content. */
  files: Record<string, string>;
}

export class BuildFailed extends Error {}

/** Builds what is on the branch main, and waits until the snapshot is there. */
export async function build(
  workshop: Workshop,
  example: Example,
  url: string,
  project: string,
): Promise<Built> {
  const { env, home } = workshop;
  const { command, manager, dist, env: variables = {} } = example;
  const flags = {
    'project-id': project,
    'deployment-id': 'example',
    branch: 'main',
    'repo-url': url,
    'build-command': command,
    'package-manager': manager,
    'dist-directory': dist,
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const given = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const began = performance.now();
  const { exitCode, stderr, stdout } = await execa(process.execPath, [COMMAND, 'run', ...args, ...given], {
    env: { CI: 'true', ...env },
    reject: false,
  });
  const seconds = (performance.now() - began) / 1000;
  await settled(project);
  if (exitCode !== 0) throw new BuildFailed(`${stdout.slice(-2000)}\n${stderr.slice(-1500)}`);
  return {
    seconds,
    installSkipped: /^– install/m.test(stderr),
    files: await filesIn(join(home, 'artifacts/ann', project, 'example.tar.gz')),
  };
}

/** Waits until the snapshot is saved: minutes for a large one on a busy machine. */
async function settled(project: string): Promise<void> {
  const containers = () => docker('ps', '--all', '--quiet', '--filter', `label=koalaci.project=${project}`);
  await until(async () => (await containers()) === '', 600_000);
}

/** The tool caches in a project's snapshot, with their sizes. */
export async function keptCaches(project: string): Promise<string[]> {
  const [id] = Object.values(await snapshotsOf(project));
  if (!id) return [];
  const list = `cd /workspace; git ls-files -z --others --ignored --directory --exclude-from=/koala/state/tool-caches |
    xargs -0r du -shc --apparent-size | sed '$d' | sort -k2 | head -n 6`;
  const run = ['run', '--rm', '--label', 'koalaci.examples=1', '--user', 'build', '--entrypoint', 'bash'];
  return (await docker(...run, id, '-c', list))
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [size, path] = line.split('\t');
      return `${path} ${size}`;
    });
}

/** Removes what a project has left. */
export const forgetProject = forget;
