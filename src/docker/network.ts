// The network of the builds: a bridge of their own, on which containers do not reach each other.
import { docker } from './cli.js';
import { isNameTaken } from './errors.js';

export const NETWORK = 'koalaci';

/** Makes the network unless it is there. Two at once are fine. */
export async function ensureNetwork(): Promise<void> {
  const options = ['--driver', 'bridge', '--opt', 'com.docker.network.bridge.enable_icc=false'];
  await docker(['network', 'create', ...options, '--label', 'koalaci.network=1', NETWORK]).catch(
    (error: unknown) => {
      if (!isNameTaken(error)) throw error;
    },
  );
}
