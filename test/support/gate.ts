// A build that waits for its test: nothing is left to the clock.
import { containersOf } from './containers.js';
import { docker } from './docker.js';

/** A shell command that says `begun` and waits for openGate(), for a minute at most; then it fails. */
export function gate(name = 'go'): string {
  return `echo begun; for n in $(seq 600); do [ -e /tmp/${name} ] && break; sleep 0.1; done; [ -e /tmp/${name} ] || exit 99`;
}

/** Lets the build of a deployment of this file go on. */
export async function openGate(deployment: string, name = 'go'): Promise<void> {
  const [container] = await containersOf(deployment);
  if (!container) throw new Error(`no container builds ${deployment}`);
  await openGateIn(container, name);
}

/** As openGate(), for a container whose labels do not name a deployment. */
export async function openGateIn(container: string, name = 'go'): Promise<void> {
  await docker('exec', '--user', 'build', container, 'touch', `/tmp/${name}`);
}
