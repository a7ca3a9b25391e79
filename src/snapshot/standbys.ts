// The standby containers of an installation: which there are, and which of them go.
import { type ListedContainer, listContainers, removeContainers } from '../docker/container.js';
import { isStandbyName, LABEL, labelFilters, ownedBy, ownerLabels } from '../docker/names.js';
import type { InstallationId, SnapshotKey } from '../job/identity.js';

/** Each costs a few megabytes and a network address. */
const MOST_STANDBYS = 4;

/** Removes the standby containers that are to go. By name: a build that claims one at this moment gives it another. */
export async function removeStandbys(
  installation: InstallationId,
  isToGo: (standby: ListedContainer) => boolean,
): Promise<void> {
  const standbys = await listStandbys([ownedBy(installation)]);
  await removeContainers(standbys.filter(isToGo).map(({ name }) => name));
}

/** Leaves a branch one standby container, on its newest snapshot, and the installation a few in all: the newest ones. */
export async function tidyStandbys(key: SnapshotKey, newest: string | undefined): Promise<void> {
  const ofBranch = await listStandbys(labelFilters(ownerLabels(key)));
  const [kept] = ofBranch.filter(({ running, labels }) => running && labels[LABEL.base] === newest);
  const gone = ofBranch.filter((standby) => standby !== kept).map(({ name }) => name);
  const others = await listStandbys([ownedBy(key.installation)]);
  const left = others.map(({ name }) => name).filter((name) => !gone.includes(name));
  await removeContainers([...gone, ...left.slice(MOST_STANDBYS)]);
}

/** The newest first. */
async function listStandbys(labels: string[]): Promise<ListedContainer[]> {
  const containers = await listContainers([...labels, LABEL.standby], [LABEL.base]);
  return containers.filter(({ name }) => isStandbyName(name));
}
