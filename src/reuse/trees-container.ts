// The container in which repositories are read: one for all remote ones, and one for each local one, which is mounted into it. It ends
// by itself when nobody has asked for a while.
import { removeContainers, runDetached } from '../docker/container.js';
import { isFailure } from '../docker/errors.js';
import { LABEL, NETWORK, ownedBy, treesName } from '../docker/names.js';
import { ensureNetwork } from '../docker/network.js';
import type { InstallationId } from '../job/identity.js';
import { wallArgs } from '../sandbox/flags.js';

const KEEPER = '/koala/steps/tree-keeper.sh';
/** A local repository is not held much longer than by a container that waits for a build. */
const [REMOTE_MINUTES, LOCAL_MINUTES] = [60, 10];
const LIMITS = { memory: 1024 ** 3, cpus: 1, pids: 512 };

export interface TreesContainer {
  name: string;
  args: string[];
}

export interface TreesSource {
  /** A repository of this machine, the directories of objects that it borrows, and what tells these from later ones. */
  local?: { path: string; borrowed: string[]; id: string } | undefined;
}

/** Describes the container. */
export function treesContainer(
  installation: InstallationId,
  { image, runtime }: { image: string; runtime: string | undefined },
  { local }: TreesSource,
): TreesContainer {
  const name = treesName(installation, local ? JSON.stringify([local.path, local.borrowed, local.id]) : '');
  const mounts = local ? { localSource: local.path, borrowed: local.borrowed } : {};
  const args = [
    ...['--rm', '--init', '--name', name, '--hostname', 'trees', '--log-driver', 'none'],
    ...['--label', `${LABEL.trees}=1`, '--label', ownedBy(installation)],
    ...wallArgs({ network: NETWORK, limits: LIMITS, ...(runtime ? { runtime } : {}), ...mounts }),
    ...[image, KEEPER, String(local ? LOCAL_MINUTES : REMOTE_MINUTES)],
  ];
  return { name, args };
}

/**
 * Starts it; `isOld`: in place of one that is from another version. Another process may do the same at this moment.
 * @throws KoalaError `environment` when the engine does not run it
 */
export async function startTrees({ name, args }: TreesContainer, isOld: boolean): Promise<void> {
  if (isOld) await removeContainers([name]);
  try {
    await runDetached(args);
  } catch (error) {
    if (isFailure(error, 'network_missing') || isFailure(error, 'network_twins')) await ensureNetwork();
    else if (!isFailure(error, 'name_taken')) throw error;
  }
}
