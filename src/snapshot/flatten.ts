// Flattens a snapshot: copies its own files into one layer on top of the builder image, instead of one layer per build.
import { pipeCommands, removeContainers } from '../docker/container.js';
import { commitContainer, type Image } from '../docker/image.js';
import { flattenName, LABEL, labelFilters } from '../docker/names.js';
import type { InstallationId } from '../job/identity.js';
import type { BaseImage } from './snapshot.js';

/** What builds and steps write to, and the build user's uid. Everything else comes from the builder image. */
const OWN = [
  'workspace',
  'home/build',
  'koala/git',
  'koala/state',
  'koala/node',
  'koala/tools',
  'etc/passwd',
  'etc/group',
];

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

/** Lower layers keep files that upper ones replace: a snapshot may have so many times the bytes of its lowest layer, and ROOM. */
const GROWTH = 1.4;
/** Flattening takes a second or so, which a small snapshot is not worth. */
const ROOM = 4 * 1024 ** 2;

/**
 * Whether a snapshot has grown enough to be flattened. `sizes` are the bytes of its layers, the lowest first: those of the
 * builder image, then one that holds all that a clean build or the last flattening left, then one for each build. Pure.
 */
export function needsFlattening(
  { layers, bytes, labels }: Image,
  sizes: number[],
  limits: FlattenLimits,
): boolean {
  const builder = Number(labels[LABEL.builderBytes] ?? 0);
  return layers >= limits.layers || bytes - builder > firstOwn(sizes, builder) * GROWTH + ROOM;
}

/** Bytes of the lowest layer that is not the builder image's. */
function firstOwn(sizes: number[], builderBytes: number): number {
  let below = 0;
  for (const size of sizes) {
    below += size;
    if (below > builderBytes) return size;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Makes a flat copy of a snapshot, in this process (`runner`): if that dies, the reaper removes its container. The copy has no name yet: nameNewest() prefers it to the snapshot, unless a newer one is there.
 * @throws KoalaError `environment` when the engine fails; the snapshot is unchanged then
 */
export async function flatten(
  { installation, runner }: { installation: InstallationId; runner: string },
  snapshot: Image,
  builder: BaseImage['builder'],
): Promise<void> {
  const name = flattenName(installation, runner);
  const owner = { [LABEL.installation]: installation };
  try {
    await copy(snapshot.id, builder, { name, owner });
    await commitContainer(name, { ...snapshot.labels, ...owner });
  } finally {
    await removeContainers([name]);
  }
}

/** Copies the own files of image `from` into a new container `name`, without the Nodes and tools that the builder image has. */
async function copy(
  from: string,
  builder: string,
  { name, owner }: { name: string; owner: Record<string, string> },
): Promise<void> {
  const sandbox = [...SANDBOX, ...labelFilters(owner).flatMap((label) => ['--label', label])];
  const script = 'cd / && tar --create --exclude-from=- --numeric-owner --file=- "$@"';
  await pipeCommands(
    ['run', '--rm', ...sandbox, builder, 'sh', '-c', 'cd / && ls -d koala/node/* koala/tools/*/*'],
    ['run', '--rm', '--interactive', ...sandbox, ...CAPABILITIES, from, 'sh', '-c', script, 'sh', ...OWN],
    [
      ...['run', '--interactive', '--name', name, '--label', `${LABEL.attempt}=`],
      ...[...sandbox, ...CAPABILITIES, builder],
      ...['tar', '--extract', '--directory=/', '--numeric-owner', '--file=-'],
    ],
  );
}
