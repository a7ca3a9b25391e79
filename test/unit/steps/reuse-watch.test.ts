import { describe, expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

/** What counts of what an install has read, in a workspace of which packages/ui and packages/data are not related to the job. */
async function counted(...reads: string[]): Promise<string[]> {
  const at = await workspaceOf({ reads: reads.map((line) => `${line}\0`).join('') });
  const script = `RUN=${at} STATE=${at} WORKSPACE=${at}
    source ${STEPS}/reuse-watch.sh
    JOB[unrelated]=$'packages/data\npackages/ui' JOB[parents]=$'apps\npackages'
    reuse-watch::_by_install`;
  const { exitCode, stdout } = await callSteps([], script);
  expect(exitCode, stdout).toBe(0);
  return stdout.split('\n').filter(Boolean);
}

describe('of what install scripts have read, a build depends on', () => {
  it.each([
    ['F packages/ui/a.js', 'file packages/ui/a.js'],
    ['D packages/ui/src', 'listing packages/ui/src'],
    ['D packages/ui', 'listing packages/ui'],
    ['D packages', 'parent packages'],
    ['F packages/ui/a\nb', 'package packages/ui'],
    ['F .git/HEAD', 'tree .git'],
    ['tree', 'all'],
  ])('%j: %s', async (read, place) => {
    expect(await counted(read)).toEqual([place]);
  });

  it.each([
    'f packages/ui/a.js',
    'F packages/base/a.js',
    'F packages/uix/a.js',
    'F index.js',
    'D .',
    'scripts',
  ])('nothing beside what it is known to depend on: %s', async (read) => {
    expect(await counted(read)).toEqual([]);
  });

  it('what is before the last one, too, wherever that is', async () => {
    expect(await counted('F packages/ui/a.js', 'F packages/base/a.js')).toEqual(['file packages/ui/a.js']);
  });

  it('all of each package, where that is too much to list', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `F packages/ui/${index}.js`);
    expect(await counted(...many)).toHaveLength(200);
    expect(await counted(...many, 'F packages/data/a.js', 'D apps')).toEqual([
      'package packages/data',
      'package packages/ui',
      'parent apps',
    ]);
  });
});
