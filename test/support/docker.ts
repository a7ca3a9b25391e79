// What the tests ask the real engine.
import { execa } from 'execa';

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
