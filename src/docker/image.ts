// Inspects, lists, commits, tags, pulls, pushes and removes images.
import { docker } from './cli.js';
import { isFailure } from './errors.js';
import { parseStorage, type Storage } from './storage.js';

export interface Image {
  id: string;
  labels: Record<string, string>;
  /** Number of layers; the engine's limit is 127. */
  layers: number;
  bytes: number;
  storage: Storage;
}

const FORMAT =
  '[{{json .Id}},{{json .RepoTags}},{{json .RepoDigests}},{{json .Config.Labels}},{{len .RootFS.Layers}},{{.Size}},{{json .GraphDriver}}]';

/** Inspects images by name, in one call. Missing ones are undefined. */
export async function inspectImages(names: string[]): Promise<(Image | undefined)[]> {
  // It fails when one is missing, and prints the others all the same.
  const lines = await docker(['image', 'inspect', '--format', FORMAT, ...names], { tolerant: true });
  const images = lines.split('\n').filter(Boolean).map(parseLine);
  return names.map((name) => images.find((one) => isCalled(one, name))?.image);
}

/** How the engine calls an image. */
export interface Called {
  image: Pick<Image, 'id'>;
  tags: string[];
  digests: string[];
}

/**
 * Whether a name that a user may write means this image: without a tag, with Docker Hub's name before it, by its digest or its
 * id, whole or as `docker images` shows it. Pure.
 */
export function isCalled({ image, tags, digests }: Called, name: string): boolean {
  const familiar = name.replace(/^(index\.)?docker\.io\/(library\/)?/, '');
  const isId =
    /^(sha256:)?[0-9a-f]{12,64}$/.test(name) && image.id.startsWith(`sha256:${name.replace(/^sha256:/, '')}`);
  // A tag beside a digest says nothing.
  const digest = familiar.replace(/:[^:/@]+@/, '@');
  return isId || tags.includes(familiar) || tags.includes(`${familiar}:latest`) || digests.includes(digest);
}

/**
 * Inspects one image.
 * @throws KoalaError `environment` when it is missing
 */
export async function inspectImage(name: string): Promise<Image> {
  return parseLine(await docker(['image', 'inspect', '--format', FORMAT, name])).image;
}

/** Bytes of an image's layers, the lowest first; also of those that hold no files. */
export async function layerBytes(name: string): Promise<number[]> {
  const lines = await docker(['history', '--human=false', '--format', '{{.Size}}', name]);
  return lines.split('\n').filter(Boolean).map(Number).reverse();
}

/** Makes an image of a stopped container, under this name if one is given. `labels` are added to its own. Returns its id. */
export async function commitContainer(
  container: string,
  labels: Record<string, string>,
  tag?: string,
): Promise<string> {
  const changes = Object.entries(labels).flatMap(([name, value]) => [
    '--change',
    `LABEL ${name}=${JSON.stringify(value)}`,
  ]);
  const args = ['commit', '--pause=false', ...changes, container, ...(tag ? [tag] : [])];
  const id = await docker(args, { timeoutMs: 'none' });
  return id.trim();
}

/** Gives an image one more name. An image that had the name loses it. */
export async function tagImage(image: string, tag: string): Promise<void> {
  await docker(['tag', image, tag]);
}

/** Pulls an image. Returns whether it is there now, is missing in the registry, or could not be pulled in time. */
export async function pullImage(name: string, timeoutMs: number): Promise<'there' | 'missing' | 'failed'> {
  try {
    await docker(['pull', '--quiet', name], { timeoutMs });
    return 'there';
  } catch (error) {
    return isFailure(error, 'not_in_registry') ? 'missing' : 'failed';
  }
}

/** Pushes an image to the registry in its name. */
export async function pushImage(name: string): Promise<void> {
  await docker(['push', '--quiet', name], { timeoutMs: 'none' });
}

/** Removes a name of an image, and the image itself when that was its last name and nothing uses it. */
export async function removeImage(name: string): Promise<void> {
  await docker(['image', 'rm', name], { tolerant: true, timeoutMs: 'none' });
}

export interface ListedImage extends Image {
  /** Its names; none if they have all gone to other images. */
  names: string[];
}

/** Lists images that fit all filters, such as `label=…` and `reference=…`. */
export async function listImages(filters: string[]): Promise<ListedImage[]> {
  const options = filters.flatMap((filter) => ['--filter', filter]);
  const ids = await docker(['image', 'ls', '--quiet', '--no-trunc', ...options]);
  const unique = [...new Set(ids.split('\n').filter(Boolean))];
  if (unique.length === 0) return [];
  const lines = await docker(['image', 'inspect', '--format', FORMAT, ...unique], { tolerant: true });
  return lines
    .split('\n')
    .filter(Boolean)
    .map(parseLine)
    .map(({ tags, image }) => ({ names: tags, ...image }));
}

function parseLine(line: string): Called & { image: Image } {
  const [id, tags, digests, labels, layers, bytes, graph] = JSON.parse(line) as [
    string,
    string[] | null,
    string[] | null,
    Record<string, string> | null,
    number,
    number,
    unknown,
  ];
  const image = { id, labels: labels ?? {}, layers, bytes, storage: parseStorage(graph) };
  return { tags: tags ?? [], digests: digests ?? [], image };
}
