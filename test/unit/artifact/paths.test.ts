import { assert, property } from 'fast-check';
import { expect, it } from 'vitest';
import { artifactPaths, proofPaths } from '../../../src/artifact/paths.js';
import type { JobRecord } from '../../../src/job/record.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const record = (user: string) => ({ user, project: 'site', deployment: 'd1' }) as JobRecord;
const tree = { directory: '/a', flat: false };

it.each([
  ['below user and project', tree, '/a/ann/site/d1'],
  ['right in a directory that was named', { directory: '/here', flat: true }, '/here/d1'],
])('artifacts lie %s', (_, place, path) => {
  expect(artifactPaths(place, record('ann'))).toEqual({
    archive: `${path}.tar.gz`,
    manifest: `${path}.json`,
  });
});

it.each(['..', '../../etc', 'a/b', '.'])('the user %s cannot leave the directory', (user) => {
  expect(artifactPaths(tree, record(user)).archive).toMatch(/^\/a\/[^/]+\/site\/d1\.tar\.gz$/);
  expect(artifactPaths(tree, record(user)).archive).not.toMatch(/\/\.\.?\//);
});

it('a name that is too long for a directory is cut, and stays its user’s own', () => {
  const [one, two] = [`${'ü'.repeat(128)}1`, `${'ü'.repeat(128)}2`].map((user) => {
    const [, , name = ''] = artifactPaths(tree, record(user)).archive.split('/');
    expect(Buffer.byteLength(name)).toBeLessThan(256);
    return name;
  });
  expect(one).not.toBe(two);
});

const pathOf = (user: string, project = 'site', deployment = 'd1') =>
  artifactPaths(tree, { user, project, deployment } as JobRecord);
const nameOf = (user: string) => pathOf(user).archive.split('/')[2] ?? '';

it('no two users, projects or deployments have the same path, whatever their names', () => {
  expectInjective(tuples(userIds, 1), ([user = '']) => pathOf(user).archive);
  expectInjective(tuples(userIds, 2), ([user, project]) => pathOf(user ?? '', project).archive);
});

it('the directory of a user whose name was cut is not that of a user who is called so', () => {
  assert(
    property(userIds, (rest) => {
      const long = `x${' '.repeat(66)}${rest}`;
      // 100 letters are 33 whole spaces here: what a forger would need is a name that reads as the cut one.
      const [, suffix = ''] = nameOf(long).split('%20'.repeat(33));
      expect(nameOf(`x${' '.repeat(33)}${suffix}`)).not.toBe(nameOf(long));
    }),
  );
});

it('no archive has the path of a manifest', () => {
  for (const id of ['a', 'a.json', 'a.tar.gz', 'a.json.tar.gz']) {
    const { archive } = pathOf('ann', 'site', id);
    const manifests = ['a', 'a.json', 'a.tar.gz', 'a.json.tar.gz'].map(
      (other) => pathOf('ann', 'site', other).manifest,
    );
    expect(manifests).not.toContain(archive);
  }
});

it('what is said of an artifact has the path of no archive and no manifest, whatever the ids are', () => {
  const ids = ['a', 'a.sbom', 'a.intoto', 'a.intoto.jsonl', 'a.tar.gz'];
  const artifacts = ids.flatMap((id) => Object.values(pathOf('ann', 'site', id)));
  for (const id of ids)
    for (const path of Object.values(proofPaths(pathOf('ann', 'site', id))))
      expect(artifacts).not.toContain(path);
});
