// The containers of this test file's builds. The engine is shared with other files, which may name the same deployments.
import { docker } from './docker.js';
import { isOurs } from './projects.js';
import { until } from './until.js';

export interface Container {
  id: string;
  name: string;
}

/** Names of the containers that belong to a deployment of the user ann, in a project of this file. */
export async function containersOf(deployment: string): Promise<string[]> {
  const format = '{{.Names}} {{.Label "koalaci.project"}}';
  const lines = await list(`label=koalaci.job=ann:${deployment}`, format);
  return lines.flatMap(([name = '', project = '']) => (isOurs(project) ? [name] : []));
}

/** All containers of a project: those of builds, and those that wait. */
export async function containersIn(project: string): Promise<Container[]> {
  const lines = await list(`label=koalaci.project=${project}`, '{{.ID}} {{.Names}}');
  return lines.map(([id = '', name = '']) => ({ id, name }));
}

/** Waits until no container of a deployment is left: after READY its snapshot is still being saved for a moment. */
export async function gone(deployment: string): Promise<void> {
  await until(async () => (await containersOf(deployment)).length === 0);
}

async function list(filter: string, format: string): Promise<string[][]> {
  const lines = await docker('ps', '--all', '--no-trunc', '--filter', filter, '--format', format);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
}
