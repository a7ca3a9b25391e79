// What is said of artifacts, as a user has it: made after the build, and verified offline.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofPaths } from '../../src/artifact/paths.js';
import { newSigningKey, privateKeyOf, publicKeyOf } from '../../src/settings/signing-key.js';
import { Koalaci } from '../support/koalaci.js';
import { buildProven, replaceIn, statementBeside } from '../support/proof.js';
import { repoOf } from '../support/repo.js';

const SLOW = 90_000;
let koalaci: Koalaci;
let work: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  work = await mkdtemp(join(tmpdir(), 'koala-proof-'));
});
afterAll(async () => {
  await koalaci.close();
  await rm(work, { recursive: true });
});

/** A copy of an artifact with all that lies beside it, as a user may have it elsewhere. */
async function copyOf(archive: string): Promise<string> {
  const { provenance, sbom } = proofPaths({ archive });
  const directory = await mkdtemp(join(work, 'copy-'));
  for (const file of [archive, archive.replace(/\.tar\.gz$/, '.json'), provenance, sbom])
    await copyFile(file, join(directory, basename(file)));
  return join(directory, basename(archive));
}

const offline = { REDIS_URL: 'redis://127.0.0.1:1', KOALACI_DOCKER: 'no-such-docker' };
const verify = (...args: string[]) => koalaci.run(['verify', ...args], { env: offline });

describe('koalaci verify', () => {
  let archive: string;

  it(
    'says by path and by id what was built from what, without Redis and without the engine',
    async () => {
      archive = await buildProven(koalaci, await repoOf('static'), {
        id: 'v1',
        command: 'echo 1 >public/one.txt',
      });
      for (const what of [archive, 'v1']) {
        const { exitCode, stdout } = await verify(what);
        expect(stdout).toMatch(
          /v1\.tar\.gz is what koalaci built and signed\n.*main at [0-9a-f]{40}\n.*echo 1/,
        );
        expect(exitCode).toBe(0);
      }
      expect(await verify('nope')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringMatching('no artifact'),
      });
    },
    SLOW,
  );

  it.each([
    ['.tar.gz', 'archive', /has the sha256 .*\n.*cannot be unpacked/],
    ['.json', 'manifest', /its list of files is not the one that was signed\none\.txt: sha256/],
    ['.intoto.jsonl', 'envelope', /not signed by a key that is trusted here/],
  ])('refuses another %s', async (end, _, words) => {
    const copy = await copyOf(archive);
    const file = copy.replace(/\.tar\.gz$/, end);
    if (end === '.tar.gz') await writeFile(file, (await readFile(file)).fill(0, 40, 60));
    else if (end === '.json') await replaceIn(file, /("path":"one\.txt".*"sha256":")..../, '$1abcd');
    else await replaceIn(file, /"sig":"..../, '"sig":"AAAA');
    const { exitCode, stdout } = await verify(copy);
    expect(stdout).toMatch(words);
    expect(exitCode).toBe(1);
  });

  it('goes by the key that it is given, in place of those of the installation', async () => {
    const [own, other] = [join(work, 'own.pem'), join(work, 'other.pem')];
    const { key } = publicKeyOf(privateKeyOf(newSigningKey()));
    await writeFile(other, key.export({ format: 'pem', type: 'spki' }));
    const { signing_key } = JSON.parse(await readFile(join(koalaci.home, 'config.json'), 'utf8'));
    await writeFile(own, publicKeyOf(privateKeyOf(signing_key)).key.export({ format: 'pem', type: 'spki' }));
    expect(await verify(archive, '--key', own)).toMatchObject({ exitCode: 0 });
    expect(await verify(archive, '--key', other)).toMatchObject({ exitCode: 1 });
    expect(await verify(archive, '--key', join(work, 'none.pem'))).toMatchObject({ exitCode: 2 });
  });

  it('still trusts what an older key has signed', async () => {
    const { exitCode, stderr } = await koalaci.run(['init', '--user', 'ann', '--force']);
    expect(exitCode, stderr).toBe(0);
    expect(await verify(archive)).toMatchObject({ exitCode: 0 });
  });
});

it(
  'a statement has the packages of the lockfile as it was committed, whatever the build makes of that',
  async () => {
    const command = 'echo "{}" >package-lock.json && npm run build';
    const job = { id: 'p1', command, manager: 'npm', dist: 'dist' };
    const archive = await buildProven(koalaci, await repoOf('npm'), job, ['--env', 'API_KEY=s3cret-value']);
    const { buildDefinition } = (await statementBeside({ archive })).predicate;
    expect(buildDefinition.externalParameters.env).toEqual(['API_KEY']);
    expect(buildDefinition.resolvedDependencies.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(['pkg:npm/ms@2.1.3', 'pkg:npm/picocolors@1.1.1']),
    );
    const { provenance, sbom } = proofPaths({ archive });
    for (const file of [provenance, sbom]) expect(await readFile(file, 'latin1')).not.toContain('s3cret');
  },
  SLOW,
);
