import type { Stats } from 'node:fs';
import { expect, it } from 'vitest';
import { judge } from '../../../src/archives/standing.js';
import type { StoredArchive } from '../../../src/archives/stored.js';
import type { JobRecord } from '../../../src/job/record.js';
import { thisRunner } from '../../../src/runner/runner-id.js';
import { artifact, buildingRecord, queuedRecord } from '../../support/records.js';

const NOW = 10 * 3_600_000;
const runner = thisRunner();
const { artifact: _, ...begun } = buildingRecord({ runner });
const ready: JobRecord = { ...begun, status: 'READY', artifact, endedAt: 1 };
const failed: JobRecord = { ...begun, status: 'ERROR', reason: 'build_failed', message: 'no', endedAt: 1 };
const { user, project, deployment } = ready;

const stored: StoredArchive = {
  ...{ user, project, deployment, bytes: 600, createdAt: 0, builtAt: 0 },
  paths: { archive: artifact.path, manifest: artifact.manifest },
  seen: { archive: { size: 500 } as Stats, manifest: { size: 100 } as Stats },
  head: {
    ...{ user_id: user, project_id: project, deployment_id: deployment, branch: 'main' },
    ...{ sha256: artifact.sha256, files: 3, bytes: 708, isListed: true },
  },
};
const { head: __, ...withoutManifest } = stored;
const gone = { ...artifact, removedAt: 5, removedWhy: 'old' };

it.each<[string, string, string | undefined, Partial<StoredArchive>, JobRecord | undefined]>([
  ['of a READY deployment', 'ready', 'artifact', {}, ready],
  [
    'of one that failed when it was built again',
    'ready',
    'lastArtifact',
    {},
    { ...failed, lastArtifact: artifact },
  ],
  ['whose record has expired', 'ready', undefined, {}, undefined],
  [
    'whose id another project has by now',
    'ready',
    undefined,
    {},
    { ...ready, artifact: { ...artifact, path: '/srv/x' } },
  ],
  ['of another machine under the same name', 'ready', undefined, {}, { ...ready, runner: 'other-1-2-3' }],
  ['of an earlier attempt', 'ready', undefined, {}, { ...ready, artifact: { ...artifact, sha256: 'new' } }],
  ['that was published by a build that failed then', 'other', 'artifact', {}, { ...failed, artifact }],
  ['of a deployment that waits', 'held', undefined, {}, queuedRecord()],
  ['of one that is built again', 'held', 'lastArtifact', {}, { ...begun, lastArtifact: artifact }],
  ['that was removed', 'garbage', 'artifact', {}, { ...ready, artifact: gone }],
  [
    'that is gone but for its manifest',
    'garbage',
    'artifact',
    { seen: { ...stored.seen, archive: undefined } },
    ready,
  ],
  ['without a manifest', 'ready', 'artifact', { head: undefined }, ready],
  ['that nobody knows', 'other', undefined, { head: undefined }, undefined],
  [
    'that may be about to get its manifest',
    'held',
    undefined,
    { head: undefined, builtAt: NOW - 1 },
    undefined,
  ],
])('an archive %s is %s', (_what, standing, field, more, record) => {
  const judged = judge({ ...withoutManifest, head: stored.head, ...more }, record, NOW);
  expect([judged.standing, judged.described?.field]).toEqual([standing, field]);
});

it('the branch is the manifest’s, or else the record’s', () => {
  expect(judge(stored, undefined, NOW).branch).toBe('main');
  expect(judge({ ...stored, head: undefined }, ready, NOW).branch).toBe('main');
  expect(judge({ ...stored, head: undefined }, undefined, NOW).branch).toBeUndefined();
});
