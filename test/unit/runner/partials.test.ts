import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { partialIn, removePartials, runnerOfPartial } from '../../../src/runner/partials.js';
import { thisRunner } from '../../../src/runner/runner-id.js';

const DEAD = `.${thisRunner().replace(/\d+$/, '1')}.0123456789ab.partial`;

it('a file that is not complete names its runner', () => {
  expect(runnerOfPartial(basename(partialIn('/srv')))).toBe(thisRunner());
  expect(runnerOfPartial('.2f1c7c3e-1f0e-4f0e-9c55-0d9a3b8f7a11.partial')).toBeUndefined();
});

it.each([
  [true, ''],
  [false, 'ann/site'],
  [true, 'objects/ann'],
])('what dead runners and older versions left goes, and nothing else (flat: %s, in: %s)', async (flat, place) => {
  const directory = await mkdtemp(join(tmpdir(), 'koala-partials-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const at = join(directory, place);
  await mkdir(at, { recursive: true });
  const ours = basename(partialIn(at));
  for (const name of [ours, DEAD, '.old.partial', '.new.partial', 'd1.tar.gz'])
    await writeFile(join(at, name), '');
  await utimes(join(at, '.old.partial'), 1, 1);
  await utimes(join(at, 'd1.tar.gz'), 1, 1);
  await removePartials({ directory, flat, objects: join(directory, 'objects') });
  expect((await readdir(at)).sort()).toEqual(['.new.partial', ours, 'd1.tar.gz'].sort());
});
