// What is said of artifacts, on real files and a real Redis: made, verified, told over HTTP, and gone with the artifact.
import { appendFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findRemovable } from '../../src/archives/find.js';
import { removeArchive } from '../../src/archives/remove.js';
import { proofPaths } from '../../src/artifact/paths.js';
import { signToken } from '../../src/job/claims.js';
import type { DeploymentId, JobId, UserId } from '../../src/job/identity.js';
import type { ArtifactInfo } from '../../src/job/record.js';
import { reusedIn } from '../../src/provenance/reused.js';
import { type Verified, verifyProof } from '../../src/provenance/verify.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { newSigningKey, privateKeyOf, publicKeyOf } from '../../src/settings/signing-key.js';
import { load } from '../../src/store/jobs.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { redis } from '../support/own-redis.js';
import { proveReused, proveShipped, replaceIn } from '../support/proof.js';
import { isThere, Shipper } from '../support/shipped.js';

const SECRET = 's'.repeat(48);
const KEY = newSigningKey();
const OTHER = newSigningKey();
const trusted = [publicKeyOf(privateKeyOf(KEY))];
const idOf = (deployment: string, user = 'ann'): JobId => ({
  user: user as UserId,
  deployment: deployment as DeploymentId,
});
let queue: JobsQueue;
let app: FastifyInstance;
let shipper: Shipper;

beforeAll(() => {
  queue = openJobsQueue(redis);
  app = createApp({
    redis,
    artifacts: { directory: '/nowhere', flat: false, objects: '/nowhere' },
    intake: { redis, queue, secret: SECRET, retentionSeconds: 3600, allowLocal: false, callbacks: false },
    log: pino({ level: 'silent' }),
    targets: async () => [],
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: undefined,
    limits: { queued: 9, followers: 2, requests: 10_000, logs: 1 << 30, artifacts: 1 << 30 },
  });
});
afterAll(async () => {
  await app.close();
  await queue.close();
});
beforeEach(async () => {
  await redis.flushall();
  const home = await mkdtemp(join(tmpdir(), 'koala-provenance-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
});

async function shipProven(deployment = 'd1', key = KEY): Promise<ArtifactInfo> {
  const info = await shipper.ship(deployment);
  await proveShipped(await load(redis, idOf(deployment)), info, key);
  return info;
}

function verified({ path: archive, manifest }: ArtifactInfo): Promise<Verified> {
  const { provenance } = proofPaths({ archive });
  return verifyProof({ archive, manifest, provenance }, trusted);
}

const ask = (what: string, user = 'ann') =>
  app.inject({
    url: `/job/d1/artifact/${what}`,
    headers: { authorization: `Bearer ${signToken(user, SECRET)}` },
  });

describe('an artifact is verified', () => {
  it('when archive, manifest and signature are as they were', async () => {
    expect(await verified(await shipProven())).toMatchObject({
      problems: [],
      notes: [],
      keyId: trusted[0]?.id,
    });
  });

  it('without its manifest, which is said', async () => {
    const info = await shipProven();
    await rm(info.manifest);
    expect(await verified(info)).toMatchObject({ problems: [], notes: [/list of files was not compared/] });
  });

  it.each<[string, (info: ArtifactInfo) => Promise<unknown>, RegExp]>([
    ['a byte more in the archive', ({ path }) => appendFile(path, 'x'), /d1\.tar\.gz: has the sha256 /],
    [
      'another hash in its list',
      ({ manifest }) => replaceIn(manifest, /"sha256":"[0-9a-f]/, '"sha256":"x'),
      /d1\.json: its list of files is not the one/,
    ],
    [
      'another branch in its manifest',
      ({ manifest }) => replaceIn(manifest, '"branch": "main"', '"branch": "evil"'),
      /d1\.json: says branch evil, but what was signed says main/,
    ],
    ['half a manifest', ({ manifest }) => replaceIn(manifest, /,\n {2}"entries.*/s, ''), /d1\.json: /],
    [
      'another statement',
      ({ path }) =>
        replaceIn(proofPaths({ archive: path }).provenance, /"payload":"(.)/, '"payload":"$1$1$1$1$1'),
      /d1\.intoto\.jsonl is not about a build/,
    ],
    [
      'another signature',
      ({ path }) => replaceIn(proofPaths({ archive: path }).provenance, /"sig":"..../, '"sig":"AAAA'),
      /not signed by a key that is trusted here/,
    ],
  ])('not with %s', async (_, change, problem) => {
    const info = await shipProven();
    await change(info);
    const problems = await verified(info).then(
      (found) => found.problems,
      (error: Error) => [error.message],
    );
    expect(problems).toContainEqual(expect.stringMatching(problem));
  });

  it('not when somebody else signed it', async () => {
    const { problems, keyId } = await verified(await shipProven('d1', OTHER));
    expect(keyId).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(/not signed by a key that is trusted here, but by [0-9a-f]{64}/),
    ]);
  });

  it('not by the statement about another one', async () => {
    const [one, two] = [await shipProven('d1'), await shipProven('d2')];
    const { provenance } = proofPaths({ archive: two.path });
    const { problems } = await verifyProof(
      { archive: one.path, manifest: one.manifest, provenance },
      trusted,
    );
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('over HTTP', () => {
  it('both come as they lie there, for their user alone', async () => {
    const { provenance, sbom } = proofPaths({ archive: (await shipProven()).path });
    const [statement, bill] = [await ask('provenance'), await ask('sbom')];
    expect([statement.statusCode, statement.body]).toEqual([200, await readFile(provenance, 'utf8')]);
    expect([bill.statusCode, bill.body]).toEqual([200, await readFile(sbom, 'utf8')]);
    expect(bill.json().components).toMatchObject([{ purl: 'pkg:npm/ms@2.1.3' }]);
    expect((await ask('provenance', 'eve')).statusCode).toBe(404);
  });

  it('neither is there before it is made, nor where it is of an earlier build', async () => {
    await shipProven();
    await shipper.ship('d1', { files: { 'index.html': 'new' } });
    for (const what of ['provenance', 'sbom']) {
      const { statusCode, body } = await ask(what);
      expect([statusCode, body]).toEqual([404, expect.stringContaining('of deployment d1 here')]);
    }
  });
});

describe('of an artifact that an earlier build has made', () => {
  const reuse = async (change: (first: ArtifactInfo) => Promise<unknown> = async () => {}) => {
    const first = await shipProven('d1');
    const second = await shipper.ship('d2', { files: { 'index.html': 'd1' } });
    await change(first);
    const said = await proveReused(await load(redis, idOf('d2')), second, { first, signingKey: KEY });
    return { second, said };
  };

  it('the statement is verified as any other, and names that build', async () => {
    const { second } = await reuse();
    const { statement, problems } = await verified(second);
    expect(problems).toEqual([]);
    expect(reusedIn(statement)).toContain('d1, built');
    const bill = JSON.parse(await readFile(proofPaths({ archive: second.path }).sbom, 'utf8'));
    expect(bill.components).toMatchObject([{ purl: 'pkg:npm/ms@2.1.3' }]);
  });

  it.each<[string, (first: ArtifactInfo) => Promise<unknown>, RegExp]>([
    [
      'somebody else has signed',
      ({ path }) => replaceIn(proofPaths({ archive: path }).provenance, /"sig":"..../, '"sig":"AAAA'),
      /not signed by a key that is trusted/,
    ],
    [
      'is about another build of that id by now',
      async ({ path }) =>
        rename(
          proofPaths({ archive: (await shipProven('d3')).path }).provenance,
          proofPaths({ archive: path }).provenance,
        ),
      /is about another artifact/,
    ],
    [
      'comes with another bill of materials',
      ({ path }) => appendFile(proofPaths({ archive: path }).sbom, ' '),
      /d1\.sbom is not the one that was signed/,
    ],
  ])('nothing is said if what was said of that build %s', async (_, change, words) => {
    const { second, said } = await reuse(change);
    expect(said).toMatch(words);
    for (const path of Object.values(proofPaths({ archive: second.path })))
      expect(await isThere(path)).toBe(false);
  });
});

it('what was said of an artifact goes with it', async () => {
  const info = await shipProven();
  await removeArchive(redis, await findRemovable(redis, shipper.artifacts, idOf('d1')), 'by the test');
  for (const path of Object.values(proofPaths({ archive: info.path })))
    expect(await isThere(path)).toBe(false);
});

it('nothing is said of an artifact in whose place there is another one by now', async () => {
  const info = await shipper.ship('d1');
  const record = await load(redis, idOf('d1'));
  await shipper.ship('d1', { files: { 'index.html': 'new' } });
  await proveShipped(record, info, KEY);
  for (const path of Object.values(proofPaths({ archive: info.path })))
    expect(await isThere(path)).toBe(false);
});
