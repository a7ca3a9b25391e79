import { expect, it } from 'vitest';
import type { ListedEntry } from '../../../src/artifact/listing.js';
import type { ManifestHead } from '../../../src/artifact/manifest-file.js';
import { readRelease, releaseOf } from '../../../src/upload/release.js';
import { listOf } from '../../support/released.js';

const HASH = 'ab'.repeat(32);
const FILE: ListedEntry = { path: 'index.html', type: 'file', mode: '644', size: 2, sha256: HASH };
const HEAD: ManifestHead = {
  ...{ deployment_id: 'd1', project_id: 'site', user_id: 'ann', branch: 'main', commit: 'c0ffee' },
  ...{ sha256: 'cd'.repeat(32), digest: 'ef'.repeat(32), files: 2, bytes: 4, isListed: true },
};
const STORE = { objects: '/home/objects' };

it('has what a target needs of an artifact', () => {
  const release = releaseOf(HEAD, listOf([FILE]), STORE);
  const { user, project, deployment, branch, commit, digest, entries } = release;
  expect({ user, project, deployment, branch, commit, digest, entries }).toEqual({
    ...{ user: 'ann', project: 'site', deployment: 'd1', branch: 'main', commit: 'c0ffee' },
    ...{ digest: HEAD.digest, entries: [FILE] },
  });
  expect(release.contentOf(FILE)).toBe(`/home/objects/ann/ab/${HASH.slice(2)}-444`);
});

it('has the content of a hard link from what that leads to, also where names are not UTF-8', () => {
  const other = 'cd'.repeat(32);
  const entries: ListedEntry[] = [
    FILE,
    { path_base64: '/w==', type: 'file', mode: '755', size: 2, sha256: other },
    { path: 'copy', type: 'hard_link', mode: '755', target_base64: '/w==' },
    { path: 'again', type: 'hard_link', mode: '755', target: 'copy' },
  ];
  const { contentOf } = releaseOf(HEAD, listOf(entries), STORE);
  const path = `/home/objects/ann/cd/${other.slice(2)}-555`;
  expect(entries.slice(2).map(contentOf)).toEqual([path, path]);
});

it('refuses an artifact of an earlier version, and one without a manifest', async () => {
  const { digest: _, ...earlier } = HEAD;
  expect(() => releaseOf(earlier, listOf([FILE]), STORE)).toThrow(/d1 cannot be released/);
  await expect(readRelease('/nowhere.json', STORE)).rejects.toMatchObject({ kind: 'not_found' });
});
