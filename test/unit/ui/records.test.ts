import { expect, it } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { paintWith } from '../../../src/ui/paint.js';
import { drawList, drawRecord, type ListView } from '../../../src/ui/records.js';

const view: ListView = { columns: Number.POSITIVE_INFINITY, now: 120_000, paint: paintWith(false) };

const queued = {
  ...{ user: 'ann', deployment: 'd1', project: 'site', attempt: 'r', status: 'QUEUED' },
  ...{ branch: 'main', repo: 'https://example.org/site.git', createdAt: 0 },
} as unknown as JobRecord;

const ready = {
  ...queued,
  ...{
    status: 'READY',
    startedAt: 1_000,
    endedAt: 13_000,
    commit: '0123456789abcdef',
    node: '24.1.0',
    manager: 'npm 11',
  },
  artifact: { path: '/a/d1.tar.gz', manifest: '/a/d1.json', files: 2, bytes: 2_048, sha256: 'x' },
  steps: [
    { step: 'source', startedAt: 1_000, endedAt: 3_000 },
    { step: 'install', startedAt: 3_000, endedAt: 3_000, skipped: true },
    { step: 'build', startedAt: 3_000 },
  ],
} as unknown as JobRecord;

const failed = {
  ...ready,
  ...{
    deployment: 'd2',
    status: 'ERROR',
    reason: 'build_failed',
    step: 'build',
    message: 'it failed',
    exitCode: 3,
  },
} as unknown as JobRecord;

it('says whose each deployment is, where it lists those of all users', () => {
  expect(drawList([queued, { ...ready, user: 'ben' } as JobRecord], { ...view, isOfAll: true })).toEqual([
    'USER  DEPLOYMENT  STATUS  PROJECT  BRANCH  AGE    TOOK',
    'ann   d1          QUEUED  site     main    2 min',
    'ben   d1          READY   site     main    2 min  12 s',
  ]);
});

it('draws a deployment, a line a fact that is known', () => {
  expect(drawRecord(queued)).toEqual([
    'status    QUEUED',
    'project   site, main',
    'source    https://example.org/site.git',
    'created   1970-01-01T00:00:00.000Z',
  ]);
});

it('draws versions, artifact and steps of one that was built', () => {
  expect(drawRecord(ready)).toEqual([
    'status    READY',
    'project   site, main at 0123456789',
    'source    https://example.org/site.git',
    'created   1970-01-01T00:00:00.000Z',
    'ended     1970-01-01T00:00:13.000Z',
    'versions  node 24.1.0, npm 11',
    'artifact  /a/d1.tar.gz (2 files, 2 KiB)',
    '  source    2 s',
    '  install   skipped',
    '  build     not ended',
  ]);
});

it('names the manifest where the archive is made when somebody asks for it', () => {
  const { artifact } = ready as Extract<JobRecord, { status: 'READY' }>;
  const onDemand = { ...ready, artifact: { ...artifact, manifest: '/a/d1.json', madeOnDemand: true } };
  expect(drawRecord(onDemand as JobRecord)).toContain('artifact  /a/d1.json (2 files, 2 KiB)');
});

it('says how to get an artifact of which a service does not say where it is', () => {
  const { path: _, manifest: __, ...artifact } = (ready as Extract<JobRecord, { status: 'READY' }>).artifact;
  expect(drawRecord({ ...ready, artifact } as JobRecord)).toContain(
    'artifact  koalaci artifacts get d1 (2 files, 2 KiB)',
  );
});

it('ends with why a build failed', () => {
  expect(drawRecord(failed).at(-2)).toBe('ERROR build_failed: it failed, in step build (exit code 3)');
});

it('lists deployments with how long they took; a cancel needs no reason', () => {
  const canceled = {
    ...failed,
    deployment: 'd3',
    status: 'CANCELED',
    reason: 'canceled',
  } as unknown as JobRecord;
  const skipped = { ...canceled, deployment: 'd4', reason: 'skipped' } as unknown as JobRecord;
  const building = {
    ...queued,
    status: 'BUILDING',
    startedAt: 60_000,
    step: 'install',
  } as unknown as JobRecord;
  expect(drawList([queued, building, failed, canceled, skipped], view)).toEqual([
    'DEPLOYMENT  STATUS              PROJECT  BRANCH  AGE    TOOK',
    'd1          QUEUED              site     main    2 min',
    'd1          BUILDING install    site     main    2 min  1m00s',
    'd2          ERROR/build_failed  site     main    2 min  12 s',
    'd3          CANCELED            site     main    2 min  12 s',
    'd4          CANCELED/skipped    site     main    2 min  12 s',
  ]);
});

it('fits 80 columns with real ids, which it shortens in their middle; elsewhere they are whole', () => {
  const deployment = 'my-site-with-a-rather-long-name-3f9c2a17d1e0-b04d7e';
  const long = { ...failed, deployment, branch: 'dependabot/npm_and_yarn/vite-7.1.12' } as JobRecord;
  const lines = drawList([long, ready], { ...view, columns: 80 });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines).toMatchInlineSnapshot(`
    [
      "DEPLOYMENT          STATUS              PROJECT  BRANCH              AGE    TOOK",
      "my-site-w…0-b04d7e  ERROR/build_failed  site     dependabo…e-7.1.12  2 min  12 s",
      "d1                  READY               site     main                2 min  12 s",
    ]
  `);
  expect(drawList([long], view)[1]).toContain(deployment);
});

it('paints what is READY and what is not', () => {
  const lines = drawList([ready, failed], { ...view, paint: paintWith(true) });
  expect(lines[1]).toContain('\x1b[32mREADY\x1b[39m');
  expect(lines[2]).toContain('\x1b[31mERROR/build_failed\x1b[39m');
});
