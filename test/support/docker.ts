// What the tests ask the real engine.
import { execa } from 'execa';
import { until } from './until.js';

export const docker = async (...args: string[]) => (await execa('docker', args)).stdout;

/** Names of the containers that belong to a deployment of the user ann. */
export async function containersOf(deployment: string): Promise<string[]> {
  const names = await docker(
    'ps',
    '--all',
    '--filter',
    `label=koalaci.job=ann:${deployment}`,
    '--format',
    '{{.Names}}',
  );
  return names.split('\n').filter(Boolean);
}

/** Waits until no container of a deployment is left: after READY its snapshot is still being saved for a moment. */
export async function gone(deployment: string): Promise<void> {
  await until(async () => (await containersOf(deployment)).length === 0);
}
