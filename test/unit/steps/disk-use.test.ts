import { link, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { STEPS } from '../../support/steps.js';

/** What disk-use.sh prints of a directory that `fill` has filled. */
async function useOf(fill: (path: (name: string) => string) => Promise<unknown>) {
  const directory = await mkdtemp(join(tmpdir(), 'koala-disk-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await fill((name) => join(directory, name));
  const { stdout } = await execa(join(STEPS, 'disk-use.sh'), [directory]);
  const [real = 0, apparent = 0, inodes = 0] = stdout.split(' ').map(Number);
  return { real, apparent, inodes };
}

it('tells what files take from what they pretend to have', async () => {
  const { real, apparent } = await useOf(async (path) => {
    await writeFile(path('hole'), 'x');
    await truncate(path('hole'), 2 ** 30);
  });
  expect(apparent).toBeGreaterThan(2 ** 30);
  expect(real).toBeLessThan(2 ** 20);
});

it('counts files, directories and links, whatever they are called, and the directory itself', async () => {
  const { inodes } = await useOf(async (path) => {
    await mkdir(path('d/e'), { recursive: true });
    await writeFile(path('d/a\nb 1 2 3\n'), '');
    await symlink('nowhere', path('l'));
  });
  expect(inodes).toBe(5);
});

it('counts a file with several names once', async () => {
  const { real, inodes } = await useOf(async (path) => {
    await writeFile(path('a'), Buffer.alloc(2 ** 20, 1));
    for (const name of ['b', 'c', 'd']) await link(path('a'), path(name));
  });
  expect(inodes).toBe(2);
  expect(real).toBeLessThan(2 ** 21);
});

it('counts no further than bash can', async () => {
  const { apparent } = await useOf(async (path) => {
    for (const name of 'abcdefgh') {
      await writeFile(path(name), '');
      await truncate(path(name), 2 ** 43);
    }
  });
  expect(apparent).toBeLessThanOrEqual(9e15);
  expect(apparent).toBeGreaterThan(2 ** 45);
});
