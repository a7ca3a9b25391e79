// Images: look at several at once, commit a container, name, remove.
import { docker } from './cli.js';
import { isFailure } from './errors.js';

export interface Image {
  id: string;
  labels: Record<string, string>;
  /** Layers of its file system; the engine's limit is 127. */
  layers: number;
  bytes: number;
}

const FORMAT = '[{{json .Id}},{{json .RepoTags}},{{json .Config.Labels}},{{len .RootFS.Layers}},{{.Size}}]';

/** Looks at images by name, in one call; the missing ones are undefined. */
export async function inspectImages(names: string[]): Promise<(Image | undefined)[]> {
  // Fails when one is missing, and says of the others all the same.
  const lines = await docker(['image', 'inspect', '--format', FORMAT, ...names], { tolerant: true });
  const images = lines.split('\n').filter(Boolean).map(parseLine);
  return names.map((name) => images.find(({ tags }) => tags.includes(name))?.image);
}

/** Makes an image of a stopped container and names it. `labels` are added to the container's own. */
export async function commitContainer(
  container: string,
  tag: string,
  labels: Record<string, string>,
): Promise<void> {
  const changes = Object.entries(labels).flatMap(([name, value]) => [
    '--change',
    `LABEL ${name}=${JSON.stringify(value)}`,
  ]);
  await docker(['commit', '--pause=false', ...changes, container, tag]);
}

/** Gives an image one more name; the image that had the name loses it. */
export async function tagImage(image: string, tag: string): Promise<void> {
  await docker(['tag', image, tag]);
}

/** Fetches an image from its registry: whether it is there now, is not in the registry, or could not be had in time. */
export async function pullImage(name: string, timeoutMs: number): Promise<'there' | 'missing' | 'failed'> {
  try {
    await docker(['pull', '--quiet', name], { timeoutMs });
    return 'there';
  } catch (error) {
    return isFailure(error, 'not_in_registry') ? 'missing' : 'failed';
  }
}

/** Puts an image into the registry of its name. */
export async function pushImage(name: string): Promise<void> {
  await docker(['push', '--quiet', name]);
}

/** Removes an image's name, and the image when it was the last one and nothing uses it. */
export async function removeImage(name: string): Promise<void> {
  await docker(['image', 'rm', name], { tolerant: true });
}

export interface ListedImage extends Image {
  name: string;
}

/** Every image with a label, once for each of its names. */
export async function listImages(label: string): Promise<ListedImage[]> {
  const ids = await docker(['image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
  const unique = [...new Set(ids.split('\n').filter(Boolean))];
  if (unique.length === 0) return [];
  const lines = await docker(['image', 'inspect', '--format', FORMAT, ...unique], { tolerant: true });
  return lines
    .split('\n')
    .filter(Boolean)
    .map(parseLine)
    .flatMap(({ tags, image }) => tags.map((name) => ({ name, ...image })));
}

function parseLine(line: string): { tags: string[]; image: Image } {
  const [id, tags, labels, layers, bytes] = JSON.parse(line) as [
    string,
    string[] | null,
    Record<string, string> | null,
    number,
    number,
  ];
  return { tags: tags ?? [], image: { id, labels: labels ?? {}, layers, bytes } };
}
