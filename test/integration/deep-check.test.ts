// koalaci doctor --deep, on a real Redis and real files: what does not agree is said, each with its remedy.
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { deepCheck } from '../../src/archives/deep-check.js';
import { objectsOf } from '../../src/artifact/objects.js';
import type { DeploymentId, JobId, UserId } from '../../src/job/identity.js';
import { jobKey, logKey } from '../../src/store/keys.js';
import { redis } from '../support/own-redis.js';
import { Shipper } from '../support/shipped.js';

let shipper: Shipper;

beforeEach(async () => {
  await redis.flushall();
  const home = await mkdtemp(join(tmpdir(), 'koala-deep-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  shipper = new Shipper(redis, home);
});

const id: JobId = { user: 'ann' as UserId, deployment: 'd1' as DeploymentId };

/** What is wrong, each as `check: words`. All of it has a remedy. */
async function wrong(): Promise<string[]> {
  const findings = (await deepCheck(redis, shipper.artifacts)).filter(({ level }) => level !== 'ok');
  for (const { remedy } of findings) expect(remedy).toMatch(/./);
  return findings.map(({ check, found }) => `${check}: ${found}`);
}

/** The path of the only object. */
async function object(): Promise<string> {
  const directory = objectsOf(shipper.artifacts.objects, id.user);
  const names = await readdir(directory, { recursive: true });
  return join(directory, names.find((name) => name.endsWith('-444')) ?? '');
}

it('says that all agrees, and how much that is', async () => {
  await shipper.ship('d1');
  shipper.keepsArchives = false;
  await shipper.ship('d2', { user: 'bob' });
  const { recorder } = await shipper.begin('d3');
  expect(await deepCheck(redis, shipper.artifacts)).toEqual([
    { check: 'artifacts', level: 'ok', found: '2 are what was shipped' },
    { check: 'records', level: 'ok', found: '3, and what they name is there' },
    { check: 'logs', level: 'ok', found: 'each is of a record' },
    { check: 'objects', level: 'ok', found: expect.stringMatching(/^0 \(0 B\) are of no artifact/) },
  ]);
  await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
});

it('says which archive has other bytes than its record', async () => {
  const { path } = await shipper.ship('d1');
  await writeFile(path, 'x');
  expect(await wrong()).toEqual([expect.stringMatching(/^artifacts: ann:d1 is not as it was shipped \(/)]);
});

it('says which record names what is not there', async () => {
  const { path, manifest } = await shipper.ship('d1');
  for (const file of [path, manifest]) await rm(file);
  expect(await wrong()).toEqual(['records: ann:d1 is READY, and its artifact is not there']);
});

it('says which object is missing, or damaged, until a build stores it anew', async () => {
  await shipper.ship('d1');
  const path = await object();
  await chmod(path, 0o644);
  await writeFile(path, 'D1');
  const damaged = 'artifacts: ann:d1 is not as it was shipped (index.html: content)';
  expect(await wrong()).toEqual([damaged]);
  // It has lost its name: now it is missing.
  expect(await wrong()).toEqual([damaged]);
  await shipper.ship('d2', { files: { copy: 'd1' } });
  expect(await wrong()).toEqual([]);
});

it('says what is left of a removal that was cut short', async () => {
  const { path } = await shipper.ship('d1');
  await redis.del(jobKey(id));
  await rm(path);
  expect(await wrong()).toEqual(['artifacts: ann:d1 is left of a build or a removal']);
  await writeFile(join(dirname(path), 'd1.json'), '{}');
  expect(await wrong()).toEqual(['artifacts: ann:d1 is left of a build or a removal']);
});

it('says which log has no record', async () => {
  await redis.xadd(logKey(id), '1-0', 'data', 'x');
  expect(await wrong()).toEqual(['logs: ann:d1 has a log and no record']);
});

it('takes what a record no longer names for what its manifest says', async () => {
  await shipper.ship('d1');
  await redis.flushall();
  expect(await wrong()).toEqual([]);
});
