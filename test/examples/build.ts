// Builds an example with koalaci, as a user types it.
import { join } from 'node:path';
import { execa } from 'execa';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { flagsOf, payloadOf } from '../support/payload.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import type { Example } from './example.js';

const MOST_SHOWN = 5;
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
  const payload = payloadOf({
    project_id: project,
    deployment_id: 'example',
    project_branch: 'main',
    project_repo_url: url,
    project_build_command: command,
    project_package_manager: manager,
    project_dist_directory: dist,
  });
  const given = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const began = performance.now();
  const { exitCode, stderr, stdout } = await execa(
    process.execPath,
    [COMMAND, 'run', ...flagsOf(payload), ...given],
    {
      env: { CI: 'true', ...env },
      reject: false,
    },
  );
  const seconds = (performance.now() - began) / 1000;
  // Minutes for a large one on a busy machine.
  await saved(project, 600_000);
  if (exitCode !== 0) throw new BuildFailed(`${stdout.slice(-2000)}\n${stderr.slice(-1500)}`);
  return {
    seconds,
    installSkipped: /^– install/m.test(stderr),
    files: await filesIn(join(home, 'artifacts/ann', project, 'example.tar.gz')),
  };
}

/** The tool caches in a project's snapshot, with their sizes. */
export async function keptCaches(project: string): Promise<string[]> {
  const [id] = Object.values(await snapshotsOf(project));
  if (!id) return [];
  const list = `cd /workspace; git ls-files -z --others --ignored --directory --exclude-from=/koala/state/tool-caches |
    xargs -0r du -sh --apparent-size --count-links`;
  const run = ['run', '--rm', '--label', 'koalaci.examples=1', '--user', 'build', '--entrypoint', 'bash'];
  const lines = (await docker(...run, id, '-c', list)).split('\n').filter(Boolean);
  const sizes = lines.map((line) => line.split('\t') as [size: string, path: string]);
  return (
    sizes
      // git names a directory of nothing but caches, too.
      .filter(([, path]) => !sizes.some(([, other]) => other !== path && other.startsWith(path)))
      .slice(0, MOST_SHOWN)
      .map(([size, path]) => `${path} ${size}`)
  );
}
