// Starts the container of the private Redis.
import { docker } from '../docker/cli.js';
import { type EngineWalls, engineWalls } from '../docker/engine.js';
import { unless } from '../docker/errors.js';
import { LABEL, ownedBy, redisName } from '../docker/names.js';
import type { InstallationId } from '../job/identity.js';

/** Starts it, unless another process has. It may take a moment until it answers. */
export async function startPrivate(
  directory: string,
  image: string,
  installation: InstallationId,
): Promise<void> {
  const name = redisName(directory);
  const labels = ['--label', `${LABEL.redis}=1`, '--label', ownedBy(installation)];
  const args = ['--name', name, ...labels, ...containerArgs(directory, image, await engineWalls())];
  const started = await docker(['run', ...args]).catch(unless('name_taken'));
  // Another process may be starting it right now; its socket tells whether it comes up.
  if (started === undefined) await docker(['start', name]).catch(() => {});
}

/** Without network and capabilities, as the user who owns the data, with a bounded log. */
function containerArgs(directory: string, image: string, { security }: EngineWalls): string[] {
  // A rootless engine takes its own user for root, and can be no other one who owns anything here.
  const isRootless = security.includes('rootless');
  const owner = isRootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  return [
    // With userns-remap that user would be nobody, who may not write there.
    ...(security.includes('userns') ? ['--userns', 'host'] : []),
    ...['--detach', '--init', '--restart', 'unless-stopped', '--pull', 'never', '--log-opt', 'max-size=1m'],
    ...['--user', owner, '--volume', `${directory}:/data`],
    ...['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only'],
    image,
    ...['redis-server', '--port', '0', '--unixsocket', '/data/redis.sock', '--unixsocketperm', '700'],
    ...['--dir', '/data', '--appendonly', 'yes', '--save', ''],
  ];
}
