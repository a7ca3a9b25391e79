import { expect, it } from 'vitest';
import { manifestOf } from '../../../src/artifact/manifest.js';

import { recordsOfEveryStatus } from '../../support/records.js';

const FORM = { hasArchive: true, archiveTime: 1_700_000_000, hosting: { fallback: 'index.html' } };

it('says what is shipped, of what it was built, and when, as all JSON does', () => {
  const [record] = recordsOfEveryStatus().filter(({ status }) => status === 'READY');
  expect(record && JSON.parse(JSON.stringify(manifestOf(record, FORM)))).toEqual({
    deployment_id: 'd1',
    project_id: 'site',
    user_id: 'ann',
    repo: 'https://example.org/site.git',
    branch: 'main',
    commit: 'c'.repeat(40),
    archive: 'd1.tar.gz',
    archive_time: 1_700_000_000,
    sha256: 'ab'.repeat(32),
    archive_bytes: 500,
    files: 3,
    bytes: 708,
    hosting: { fallback: 'index.html' },
    versions: { node: '22.23.3', package_manager: 'npm 11.21.2' },
    created_at: '2026-01-31T12:00:00.000Z',
    started_at: '2026-01-31T12:00:01.000Z',
    steps: [
      { step: 'source', started_at: '2026-01-31T12:00:01.000Z', ended_at: '2026-01-31T12:00:01.250Z' },
      {
        step: 'install',
        started_at: '2026-01-31T12:00:01.250Z',
        ended_at: '2026-01-31T12:00:01.250Z',
        skipped: true,
      },
      { step: 'build', started_at: '2026-01-31T12:00:01.300Z' },
    ],
  });
});
