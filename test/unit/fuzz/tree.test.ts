// The parts of a drawn project that can be looked at without building it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyChange } from '../../fuzz/changes/all.js';
import { anyProject } from '../../fuzz/project/initial.js';
import { treeOf } from '../../fuzz/project/tree.js';
import { packTarball } from '../../support/tarball.js';

it('no drawn project has a file where another one needs a directory', () => {
  const property = fc.property(anyProject, fc.array(anyChange), (first, changes) => {
    const last = changes.reduce(
      (project, one) => (one.applies(project) ? one.edit(project) : project),
      first,
    );
    const paths = [...treeOf(last, () => '').keys()];
    const directories = new Set(paths.flatMap((path) => parentsOf(path)));
    expect(paths.filter((path) => directories.has(path))).toEqual([]);
  });
  fc.assert(property, { seed: 1, numRuns: 500 });
});

it('a package is the same tarball each time, and another one with another content', () => {
  const pack = (text: string) => packTarball({ 'package.json': '{}', 'index.js': text }).integrity;
  expect(pack('one')).toBe(pack('one'));
  expect(pack('one')).not.toBe(pack('two'));
});

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
