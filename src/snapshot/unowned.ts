// What versions of koalaci that knew no installations have left on the engine: it belongs to nobody any more.
import { containersWith, removeContainers } from '../docker/container.js';
import { listImages, removeImage } from '../docker/image.js';
import { LABEL } from '../docker/names.js';
import { escapeId, type UserId } from '../job/identity.js';

/** Removes a user's snapshots and stopped containers that have no installation. Returns how many snapshots there were. */
export async function removeUnowned(user: UserId): Promise<number> {
  const isUnowned = ({ labels }: { labels: Record<string, string> }) => !labels[LABEL.installation];
  const owner = `${LABEL.user}=${escapeId(user)}`;
  const containers = (await containersWith([owner, LABEL.attempt])).filter(isUnowned);
  await removeContainers(containers.filter(({ running }) => !running).map(({ id }) => id));
  const images = await listImages([`label=${owner}`, `label=${LABEL.snapshot}=1`]);
  const names = images.filter(isUnowned).flatMap((image) => image.names);
  for (const name of names) await removeImage(name);
  return names.length;
}
