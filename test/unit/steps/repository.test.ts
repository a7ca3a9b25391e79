// The project's repository, as builds see it.
import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

it('files that were checked out have times in whole seconds, and git’s plumbing takes none of them for changed', async () => {
  const at = await workspaceOf({ began: '', 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const git = (...args: string[]) => execa('git', args, { cwd: at, reject: false });
  await git('init', '--quiet');
  await git('add', 'a.txt', 'b.txt');
  // As if the checkout had begun an hour ago, and written the files half an hour later.
  const ago = (hours: number) => Date.now() / 1000 - hours * 3600;
  await utimes(join(at, 'began'), ago(1), ago(1));
  for (const file of ['a.txt', 'b.txt']) await utimes(join(at, file), ago(0.5), ago(0.5) + 0.123);
  await git('update-index', '--refresh');
  await writeFile(join(at, 'b.txt'), 'other\n');

  const { exitCode } = await callSteps(['repository.sh'], 'repository::whole_seconds began', { at });

  expect(exitCode).toBe(0);
  expect((await stat(join(at, 'a.txt'))).mtimeMs % 1000).toBe(0);
  expect((await git('diff-files', '--name-only')).stdout).toBe('b.txt');
});
