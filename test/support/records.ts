// Records of jobs, whole, for tests that need one and do not care what it says.
import type { DeploymentId, ProjectId, UserId } from '../../src/job/identity.js';
import type { BuildingRecord, JobRecord, QueuedRecord } from '../../src/job/record.js';

export const artifact = {
  path: '/srv/d1.tar.gz',
  manifest: '/srv/d1.json',
  files: 3,
  bytes: 708,
  sha256: 'ab'.repeat(32),
  archiveBytes: 500,
};

/** Somebody has asked for it. */
export function queuedRecord(fields: Partial<QueuedRecord> = {}): QueuedRecord {
  return {
    status: 'QUEUED',
    user: 'ann' as UserId,
    deployment: 'd1' as DeploymentId,
    project: 'site' as ProjectId,
    attempt: 'attempt-1',
    branch: 'main',
    repo: 'https://example.org/site.git',
    createdAt: Date.now(),
    ...fields,
  };
}

/** Its artifact is in its place already, so that it may end in any way. */
export function buildingRecord(fields: Partial<BuildingRecord> = {}): BuildingRecord {
  const { status: _, ...asked } = queuedRecord();
  const begun = { startedAt: asked.createdAt, runner: 'box:1:2', container: 'koalaci-1' };
  return { status: 'BUILDING', ...asked, ...begun, artifact, ...fields };
}

/** One of every status, with every field that it may have. */
export function recordsOfEveryStatus(): JobRecord[] {
  const building = buildingRecord({
    ...{ createdAt: 1_769_860_800_000, startedAt: 1_769_860_801_000, cancelRequested: 'enough' },
    ...{ commit: 'c'.repeat(40), node: '22.23.3', manager: 'npm 11.21.2', step: 'build' as const },
    base: { warm: { branch: 'main', commit: 'b'.repeat(40), savedAt: 1_769_860_700_000 } },
    steps: [
      { step: 'source', startedAt: 1_769_860_801_000, endedAt: 1_769_860_801_250 },
      { step: 'install', startedAt: 1_769_860_801_250, endedAt: 1_769_860_801_250, skipped: true },
      { step: 'build', startedAt: 1_769_860_801_300 },
    ],
  });
  const endedAt = 1_769_860_809_999;
  const why = { message: 'it failed: "ü"\n', remedy: 'Try again.', exitCode: 0, endedAt };
  const lastArtifact = { ...artifact, files: 2 };
  return [
    queuedRecord({ createdAt: 1_769_860_800_000, cancelRequested: '', lastArtifact }),
    { ...building, lastArtifact },
    { ...building, status: 'READY', artifact, endedAt },
    { ...building, status: 'ERROR', reason: 'build_failed', ...why, lastArtifact },
    { ...building, status: 'CANCELED', reason: 'canceled', ...why, lastArtifact },
  ];
}
