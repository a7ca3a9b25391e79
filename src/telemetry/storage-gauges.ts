// The gauges of what koalaci keeps on this machine: snapshots, artifacts, and the space on the disks of both.
import { stat, statfs } from 'node:fs/promises';
import { storedAt } from '../archives/stored.js';
import { type ArtifactDirectory, artifactPlaces, artifactsIn } from '../artifact/paths.js';
import { inspectImage } from '../docker/image.js';
import type { InstallationId } from '../job/identity.js';
import { inBatches } from '../job/in-batches.js';
import { listSnapshots } from '../snapshot/prune.js';
import { type Gauge, gauge } from './metrics.js';

const AT_ONCE = 32;

export interface Storages {
  installation: InstallationId;
  /** The data directory. */
  home: string;
  artifacts: ArtifactDirectory;
  /** The builder image; undefined where nothing is built, so that no engine is asked. */
  image: string | undefined;
}

/** What can be measured now; what cannot is left out. */
export async function storageGauges({ installation, home, artifacts, image }: Storages): Promise<Gauge[]> {
  const looks = [
    artifactGauges(artifacts),
    diskGauges(home, image),
    ...(image ? [snapshotGauges(installation)] : []),
  ];
  return (await Promise.all(looks.map((look) => look.catch(() => [])))).flat();
}

async function snapshotGauges(installation: InstallationId): Promise<Gauge[]> {
  const all = await listSnapshots(installation, async () => new Map());
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  return [
    gauge('koalaci_snapshots', 'Snapshots on the engine.', all.length),
    gauge('koalaci_snapshots_bytes', 'Their bytes, without the builder image.', bytes),
  ];
}

async function artifactGauges(artifacts: ArtifactDirectory): Promise<Gauge[]> {
  const places = await artifactPlaces(artifacts);
  const found = (await Promise.all(places.map(artifactsIn))).flat();
  const sizes = await inBatches(AT_ONCE, found, async (paths) => {
    const archive = await stat(paths.archive).catch(() => undefined);
    // One that is made when somebody asks for it says in its manifest how large it would be.
    return archive?.size ?? (await storedAt(artifacts, paths)).bytes;
  });
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return [
    gauge('koalaci_artifacts', 'Artifacts on this machine.', sizes.length),
    gauge('koalaci_artifacts_bytes', 'Bytes of their archives.', bytes),
  ];
}

async function diskGauges(home: string, image: string | undefined): Promise<Gauge[]> {
  const root = image ? (await inspectImage(image).catch(() => undefined))?.storage.root : undefined;
  const disks = Object.entries({ home, engine: root }).filter(([, directory]) => directory !== undefined);
  const seen = disks.map(async ([disk, directory = '']) => {
    const space = await statfs(directory).catch(() => undefined);
    return space && { disk, free: space.bavail * space.bsize, size: space.blocks * space.bsize };
  });
  const known = (await Promise.all(seen)).filter((one) => one !== undefined);
  return [
    {
      name: 'koalaci_disk_free_bytes',
      help: 'Free space on the disks of the data directory (home) and of the engine, if that is on this machine.',
      values: known.map(({ disk, free }) => [{ disk }, free]),
    },
    {
      name: 'koalaci_disk_size_bytes',
      help: 'The size of these disks.',
      values: known.map(({ disk, size }) => [{ disk }, size]),
    },
  ];
}
