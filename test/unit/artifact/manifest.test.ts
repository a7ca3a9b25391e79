import { expect, it } from 'vitest';
import { manifestOf } from '../../../src/artifact/manifest.js';
import type { JobRecord } from '../../../src/job/record.js';

it('says what the archive holds and what it was built from, with times in RFC 3339', () => {
  const record = {
    ...{ user: 'ann', deployment: 'd1', project: 'site', repo: '/srv/site', branch: 'main', commit: 'c0' },
    ...{
      attempt: 'r',
      status: 'BUILDING',
      createdAt: 0,
      startedAt: 1_000,
      node: '24.1.0',
      manager: 'npm 11',
    },
    steps: [
      { step: 'source', startedAt: 1_000, endedAt: 2_000 },
      { step: 'install', startedAt: 2_000, endedAt: 2_000, skipped: true },
      { step: 'artifact', startedAt: 3_000 },
    ],
    artifact: { path: '/a', manifest: '/m', files: 2, bytes: 7, sha256: 'abc' },
  } as unknown as JobRecord;
  // As it is written: what is not known is not there.
  expect(JSON.parse(JSON.stringify(manifestOf(record, 99)))).toEqual({
    ...{ deployment_id: 'd1', project_id: 'site', user_id: 'ann' },
    ...{ repo: '/srv/site', branch: 'main', commit: 'c0' },
    ...{ archive: 'd1.tar.gz', sha256: 'abc', archive_bytes: 99, files: 2, bytes: 7 },
    versions: { node: '24.1.0', package_manager: 'npm 11' },
    started_at: '1970-01-01T00:00:01.000Z',
    steps: [
      { step: 'source', started_at: '1970-01-01T00:00:01.000Z', ended_at: '1970-01-01T00:00:02.000Z' },
      {
        ...{ step: 'install', skipped: true },
        ...{ started_at: '1970-01-01T00:00:02.000Z', ended_at: '1970-01-01T00:00:02.000Z' },
      },
      { step: 'artifact', started_at: '1970-01-01T00:00:03.000Z' },
    ],
  });
});
