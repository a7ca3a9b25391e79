// The reason that the log gives for a build: the file that has changed, and none beside it.
import { expect, it } from 'vitest';
import { planOf, withTree } from '../../../src/reuse/plan.js';
import { whyBuilt } from '../../../src/reuse/why.js';
import { FILES, known, treeOf } from '../../support/workspace.js';

const said = (reads: string[], changed: string[]) => {
  const maker = { secret: 'secret', inputs: {} };
  const refs = { commit: 'new', tags: '', defaultBranch: 'main', isDetached: false };
  const plan = withTree(planOf(maker, ['main'], refs, 'main'), { ...treeOf(FILES), changed }, known(FILES));
  return whyBuilt(plan, { latest: { deployment: 'd1', commit: 'old', inputs: {}, reads } });
};

it.each<[string, string[], string[]]>([
  ['packages/ui/button.js', [], ['apps/admin/src/page.js', 'packages/ui/button.js']],
  [
    'packages/util/package.json',
    ['manifest packages/util'],
    ['apps/admin/a.js', 'packages/util/package.json'],
  ],
  ['packages/util/b.js', ['file packages/util/b.js'], ['packages/util/a.js', 'packages/util/b.js']],
  ['packages/util/new.js', ['file packages/util/b.js'], ['apps/admin/a.js', 'packages/util/new.js']],
  ['packages/util/a.js', ['package packages/util'], ['apps/admin/a.js', 'packages/util/a.js']],
  ['apps/admin/src/a.js', ['listing apps/admin/src'], ['apps/admin/a.js', 'apps/admin/src/a.js']],
])('is that %s changed, where the build has looked at %j', (path, reads, changed) => {
  expect(said(reads, changed)).toBe(`${path} changed`);
});

it('is no file beside a manifest: a build may look at that of each package', () => {
  const reads = ['file packages/util/package.json', 'manifest apps/admin'];
  expect(said(reads, ['apps/admin/a.js', 'packages/util/a.js'])).toBe('what d1 depends on has changed');
});
