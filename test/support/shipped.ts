// Deployments that have shipped something: an archive and a manifest on the disk, and a record in Redis, without a build.
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { writeManifest } from '../../src/artifact/manifest.js';
import { objectsOf } from '../../src/artifact/objects.js';
import { Packer } from '../../src/artifact/packer.js';
import { type ArtifactDirectory, artifactPaths } from '../../src/artifact/paths.js';
import type { DeploymentId, ProjectId, UserId } from '../../src/job/identity.js';
import type { ArtifactInfo, BuildingRecord } from '../../src/job/record.js';
import { thisRunner } from '../../src/runner/runner-id.js';
import { claim } from '../../src/store/jobs.js';
import { Recorder } from '../../src/store/recorder.js';
import { buildingRecord } from './records.js';
import { tarOf } from './tar.js';

const LIMITS = { bytes: 1 << 30, entries: 1_000, path: 1_000, depth: 100 };
let attempts = 0;

export interface Shipping {
  user?: string;
  project?: string;
  branch?: string;
  /** Path → content. */
  files?: Record<string, string | Buffer>;
  /** How long ago it was built. */
  agoMs?: number;
}

export class Shipper {
  readonly home: string;
  readonly artifacts: ArtifactDirectory;
  /** Whether it makes archives. */
  keepsArchives = true;
  readonly #redis: Redis;

  /** `home` is a directory of the test's own. */
  constructor(redis: Redis, home: string) {
    this.#redis = redis;
    this.home = home;
    this.artifacts = { directory: join(home, 'artifacts'), flat: false, objects: join(home, 'objects') };
  }

  /** A deployment that is READY. Returns what its record says of its artifact. */
  async ship(deployment: string, shipping: Shipping = {}): Promise<ArtifactInfo> {
    const { files = { 'index.html': deployment } } = shipping;
    const { record, recorder } = await this.begin(deployment, shipping);
    const info = await this.place(record, files);
    recorder.update({ artifact: info });
    await recorder.finish({ status: 'READY', endedAt: record.startedAt });
    return info;
  }

  /** A deployment that is building. */
  async begin(
    deployment: string,
    { user = 'ann', project = 'site', branch = 'main', agoMs = 0 }: Shipping = {},
  ): Promise<{ record: BuildingRecord; recorder: Recorder }> {
    const at = Date.now() - agoMs;
    const { artifact: _, ...record } = buildingRecord({
      ...{ user: user as UserId, project: project as ProjectId, deployment: deployment as DeploymentId },
      ...{ branch, createdAt: at, startedAt: at, attempt: `attempt-${++attempts}`, runner: thisRunner() },
    });
    await claim(this.#redis, record, 3600);
    const options = { logLimit: 1 << 20, retentionSeconds: 3600, onCancel: () => {}, onLost: () => {} };
    return { record, recorder: new Recorder(this.#redis, record, options) };
  }

  /** Puts an artifact into its place, as a build does it. */
  async place(record: BuildingRecord, files: Record<string, string | Buffer>): Promise<ArtifactInfo> {
    const { archive: path, manifest } = artifactPaths(this.artifacts, record);
    const [dist, list, partial] = ['dist', 'list', 'partial'].map((name) => join(this.home, name));
    if (!dist || !list || !partial) throw new Error('no paths');
    await mkdir(dirname(path), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(dist, name)), { recursive: true });
      await writeFile(join(dist, name), content);
    }
    const directory = objectsOf(this.artifacts.objects, record.user);
    const objects = { directory, partial: join(directory, '.partial') };
    await mkdir(directory, { recursive: true });
    const packer = new Packer({
      file: this.keepsArchives ? partial : undefined,
      list,
      objects,
      limits: LIMITS,
      time: 0,
      secrets: [],
    });
    packer.write(await tarOf(dist));
    const packed = await packer.close();
    if ('reason' in packed) throw new Error(packed.message);
    const info = { path, manifest, ...packed };
    const form = { hasArchive: this.keepsArchives, archiveTime: 0, hosting: packer.hosting };
    await writeManifest(`${partial}.json`, { ...record, artifact: info }, list, form);
    if (this.keepsArchives) await rename(partial, path);
    await rename(`${partial}.json`, manifest);
    for (const left of [dist, list]) await rm(left, { recursive: true });
    return info;
  }
}

/** Whether something is at a path. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
