// What has to be somewhere, beside the files at the targets, before a deployment is served: its archive.
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { archiveSource } from '../upload/archive-source.js';
import type { ArtifactUrlSettings } from '../upload/artifact-url.js';
import type { ConfiguredTarget } from '../upload/targets.js';

export interface OtherUpload {
  /** What it is, in words: `the upload of …`. */
  what: string;
  send: (signal: AbortSignal) => Promise<void>;
}

type Shipped = Readonly<Pick<JobRecord, 'user' | 'project' | 'deployment' | 'attempt'> & RecordFields>;

/** The uploads of an artifact to the stores among the targets, from which all machines can hand it out. */
export function storeUploads(
  targets: readonly Pick<ConfiguredTarget, 'target'>[],
  record: Shipped,
  artifacts: ArtifactDirectory,
): OtherUpload[] {
  const { artifact, user } = record;
  return targets.flatMap(({ target: { name, archives } }) => {
    if (!archives || !artifact) return [];
    const send = async (signal: AbortSignal) => {
      await using archive = await archiveSource(artifact, user, artifacts);
      await archives.put(record, archive, artifact.manifest, signal);
    };
    return [{ what: `the upload of the archive to ${name}`, send }];
  });
}

/** The upload of an artifact to the address that its job has named. */
export function urlUpload(
  url: string,
  record: Shipped,
  { artifacts, rules }: { artifacts: ArtifactDirectory; rules: ArtifactUrlSettings },
): OtherUpload {
  const { artifact, user } = record;
  return {
    what: 'the upload to artifact_url',
    send: async (signal) => {
      // Loaded for those who have one.
      const { putArchive } = await import('../upload/put-archive.js');
      if (!artifact) throw new Error('nothing was published');
      await using archive = await archiveSource(artifact, user, artifacts);
      await putArchive({ ...record, url }, archive, rules, signal);
    },
  };
}
