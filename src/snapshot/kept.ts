// The containers of failed builds that are kept for debugging: which there are, and which of them go. They end by themselves, too.
import {
  type LabelledContainer,
  type ListedContainer,
  listContainers,
  removeContainers,
} from '../docker/container.js';
import { isKeptName, keptPrefix, keptUntil, LABEL, ownedBy } from '../docker/names.js';
import { escapeId, type InstallationId, type JobId, type UserId } from '../job/identity.js';

/** An installation's: each may use as much memory as a build, and has what that wrote to disk. */
const MOST_KEPT = 4;

/** Those of an installation, or of one of its users, the newest first. */
export async function keptContainers(
  installation: InstallationId,
  user?: UserId,
): Promise<ListedContainer[]> {
  const labels = [ownedBy(installation), ...(user === undefined ? [] : [`${LABEL.user}=${escapeId(user)}`])];
  const all = await listContainers(labels, [LABEL.project, LABEL.branch]);
  const kept = all.filter(({ name }) => isKeptName(name));
  return kept.sort((a, b) => keptUntil(b.name) - keptUntil(a.name));
}

/** The one of an attempt; undefined if it is not kept, or not any more. */
export async function keptOf(
  installation: InstallationId,
  id: JobId,
  attempt: string,
): Promise<ListedContainer | undefined> {
  const prefix = keptPrefix(installation, id, attempt);
  const kept = await keptContainers(installation, id.user);
  return kept.find(({ name, state }) => name.startsWith(prefix) && state === 'running');
}

/** Makes way for one more of a user: the one that they have goes, and the oldest of all if there are too many. */
export async function makeWayFor(installation: InstallationId, user: UserId): Promise<void> {
  const own = await keptContainers(installation, user);
  const others = (await keptContainers(installation)).filter((one) => !own.some(({ id }) => id === one.id));
  await removeContainers([...own, ...others.slice(MOST_KEPT - 1)].map(({ id }) => id));
}

/** Removes those of a user, of a project, or of one of its branches. */
export async function removeKept(
  installation: InstallationId,
  user: UserId,
  { project, branch }: { project: string; branch: string | undefined },
): Promise<void> {
  const isOf = ({ labels }: ListedContainer) =>
    labels[LABEL.project] === escapeId(project) &&
    (branch === undefined || labels[LABEL.branch] === escapeId(branch));
  const kept = (await keptContainers(installation, user)).filter(isOf);
  await removeContainers(kept.map(({ id }) => id));
}

/** Removes all of an installation: there is no room for them. */
export async function removeAllKept(installation: InstallationId): Promise<void> {
  await removeContainers((await keptContainers(installation)).map(({ id }) => id));
}

/** Whether one is not kept any more. Pure. */
export function isKeptOver(
  { name, running }: Pick<LabelledContainer, 'name' | 'running'>,
  now: number,
): boolean {
  return !running || now > keptUntil(name);
}
