// Finds the docker command that can do BuildKit: one with buildx, or one below 23, which has it built in.
import { execa } from 'execa';

/** The words before the options of a build. */
export async function buildkitClient(): Promise<string[]> {
  const buildx = await execa('docker', ['buildx', 'version'], { reject: false });
  if (!buildx.failed) return ['docker', 'buildx', 'build'];
  const { stdout } = await execa('which', ['-a', 'docker']);
  for (const docker of stdout.split('\n')) {
    const version = await execa(docker, ['--version']);
    if (Number(/\d+/.exec(version.stdout)?.[0]) < 23) return [docker, 'build'];
  }
  throw new Error('no docker client here can do BuildKit');
}
