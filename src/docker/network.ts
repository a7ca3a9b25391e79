// The network of the builds: a bridge on which containers cannot reach each other.
import { docker } from './cli.js';
import { unless } from './errors.js';
import { LABEL, NETWORK } from './names.js';

/** Creates the network unless it exists. Two processes may do so at once. */
export async function ensureNetwork(): Promise<void> {
  const options = ['--driver', 'bridge', '--opt', 'com.docker.network.bridge.enable_icc=false'];
  const create = ['network', 'create', ...options, '--label', `${LABEL.network}=1`, NETWORK];
  await docker(create).catch(unless('name_taken'));
}
