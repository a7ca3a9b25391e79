// The network of the builds: a bridge of their own, on which containers do not reach each other.
import { docker } from './cli.js';
import { unless } from './errors.js';
import { LABEL, NETWORK } from './names.js';

/** Makes the network unless it is there. Two at once are fine. */
export async function ensureNetwork(): Promise<void> {
  const options = ['--driver', 'bridge', '--opt', 'com.docker.network.bridge.enable_icc=false'];
  const create = ['network', 'create', ...options, '--label', `${LABEL.network}=1`, NETWORK];
  await docker(create).catch(unless('name_taken'));
}
