// Jobs of one project after each other, of which some may reuse the builds of others.
import { expect } from 'vitest';
import type { Koalaci } from './koalaci.js';
import { project } from './projects.js';
import { saved } from './snapshots.js';

/** Reuse as a job with nothing of its own in it asks for it. */
export const REUSE_ON = { KOALACI_REUSE: 'same', KOALACI_REUSE_AUDIT: 'off' };
const COPY = 'mkdir -p out; cp public/index.html out/';

/** Builds jobs of one project. Each returns what koalaci has said of reuse, and the exit code if that is not 0. */
export function reuseLane(koalaci: Koalaci, name: string) {
  const id = project(name);
  const build = async (
    repo: string,
    deployment: string,
    { env = {}, command = COPY, branch = 'main', more = [] as string[] } = {},
  ) => {
    const fields = { id: deployment, project: id, command, branch, dist: 'out' };
    const { exitCode, stdout, stderr } = await koalaci.build(repo, fields, more, { ...REUSE_ON, ...env });
    expect(exitCode, stdout + stderr).toBe(0);
    await saved(id);
    return (stdout.match(/(?<=^koalaci: )(reused|built|a build from nothing|.*reuse).*/gm) ?? []).join('\n');
  };
  const record = async (deployment: string) =>
    JSON.parse((await koalaci.run(['status', deployment, '--json'])).stdout) as Record<string, unknown>;
  return { id, build, record };
}
