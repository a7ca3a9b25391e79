import { expect, it } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { artifactPaths } from '../../../src/upload/directory.js';

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
