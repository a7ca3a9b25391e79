// Flattens a snapshot: copies its own files into one layer on top of the builder image, instead of one layer per build.
import { pipeCommands, removeContainers, writtenBytes } from '../docker/container.js';
import { commitContainer, type Image, inspectImages, removeImage, tagImage } from '../docker/image.js';
import { flatTag, flattenName, LABEL } from '../docker/names.js';
import type { BaseImage } from './snapshot.js';

/** The directories that builds and steps write to. Everything else comes from the builder image. */
const OWN = ['workspace', 'home/build', 'koala/git', 'koala/state', 'koala/node', 'koala/tools'];

/** For containers that run tar, and no code of the project. They read and write files of any owner, and have no network. */
const SANDBOX = [
  ...['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pull', 'never'],
  ...['--log-driver', 'none', '--memory', '512m', '--label', `${LABEL.flatten}=1`],
];
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'].flatMap((name) => ['--cap-add', name]);

/** At how many layers a snapshot is flattened. */
export interface FlattenLimits {
  layers: number;
}

/** Lower layers keep files that upper ones replace. A snapshot larger than this plus twice its flat size is worth flattening. */
const ROOM = 2 * 1024 ** 3;

/** Whether a snapshot has grown enough to be flattened. Pure. */
export function needsFlattening({ layers, bytes, labels }: Image, limits: FlattenLimits): boolean {
  const own = bytes - Number(labels[LABEL.builderBytes] ?? 0);
  return layers >= limits.layers || own > ROOM + 2 * Number(labels[LABEL.flatBytes] ?? 0);
}

/**
 * Replaces a snapshot by a flat one under the same names. A name that a newer snapshot has taken meanwhile stays with it.
 * @throws KoalaError `environment` when the engine fails; the snapshot is unchanged then
 */
export async function flatten(tags: string[], snapshot: Image, builder: BaseImage['builder']): Promise<void> {
  const name = flattenName(process.pid);
  try {
    await copy(snapshot.id, builder, name);
    const labels = { ...snapshot.labels, [LABEL.flatBytes]: String(await writtenBytes(name)) };
    const staging = flatTag(process.pid);
    await commitContainer(name, staging, labels);
    const [flat, ...current] = await inspectImages([staging, ...tags]);
    for (const [index, tag] of tags.entries())
      if (flat && current[index]?.id === snapshot.id) await tagImage(flat.id, tag);
    await removeImage(staging);
    await removeImage(snapshot.id);
  } finally {
    await removeContainers([name]);
  }
}

/** Copies the own files of image `from` into a new container `name`, without the Nodes and tools that the builder image has. */
async function copy(from: string, builder: string, name: string): Promise<void> {
  const script = 'cd / && tar --create --exclude-from=- --numeric-owner --file=- "$@"';
  await pipeCommands(
    ['run', '--rm', ...SANDBOX, builder, 'sh', '-c', 'cd / && ls -d koala/node/* koala/tools/*/*'],
    ['run', '--rm', '--interactive', ...SANDBOX, ...CAPABILITIES, from, 'sh', '-c', script, 'sh', ...OWN],
    [
      ...['run', '--interactive', '--name', name, ...SANDBOX, ...CAPABILITIES, builder],
      ...['tar', '--extract', '--directory=/', '--numeric-owner', '--file=-'],
    ],
  );
}
