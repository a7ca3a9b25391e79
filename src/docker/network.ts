// The network of the builds: a bridge on which containers cannot reach each other.
import { docker } from './cli.js';
import { unless } from './errors.js';
import { LABEL, NETWORK } from './names.js';

/** Sees to it that there is one network of the name. Two processes may do so at once. */
export async function ensureNetwork(): Promise<void> {
  const options = ['--driver', 'bridge', '--opt', 'com.docker.network.bridge.enable_icc=false'];
  const create = ['network', 'create', ...options, '--label', `${LABEL.network}=1`, NETWORK];
  await docker(create).catch(unless('name_taken'));
  await removeTwins();
}

/**
 * Engines before 25 make two networks of one name when they are asked twice at the same moment, and then run no container on
 * either. The engine itself refuses to remove one that has containers.
 */
async function removeTwins(): Promise<void> {
  // All who meet them do so in the same order, or nothing would be left.
  for (const id of (await twins()).sort()) {
    if ((await twins()).length < 2) return;
    await docker(['network', 'rm', id], { tolerant: true });
  }
}

/** The ids of the networks of our name and making. */
async function twins(): Promise<string[]> {
  const ours = ['--no-trunc', '--filter', `label=${LABEL.network}`, '--format', '{{.Name}} {{.ID}}'];
  const rows = (await docker(['network', 'ls', ...ours])).split('\n').map((row) => row.split(' '));
  return rows.flatMap(([name, id]) => (name === NETWORK && id ? [id] : []));
}

/** The bridge of a network on the engine's machine, and its addresses. */
export async function bridgeOf(network: string): Promise<{ bridge: string; subnet: string }> {
  const format =
    '{{.Id}} {{(index .IPAM.Config 0).Subnet}} {{with index .Options "com.docker.network.bridge.name"}}{{.}}{{end}}';
  const [id = '', subnet = '', bridge = ''] = (
    await docker(['network', 'inspect', '--format', format, network])
  )
    .trim()
    .split(' ');
  return { bridge: bridge || `br-${id.slice(0, 12)}`, subnet };
}
