// koalaci as others install it: the package of `npm pack` works without its repository.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { ROOT } from '../support/koalaci.js';

it('is packed with what it needs, and runs from there', async () => {
  const prefix = await mkdtemp(join(tmpdir(), 'koala-pack-'));
  try {
    const { stdout } = await execa(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', prefix],
      { cwd: ROOT },
    );
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/koalaci.js',
        'dist/cli.js',
        'ci/image/Dockerfile',
        'ci/steps/entrypoint.sh',
      ]),
    );
    expect(paths.some((path) => path.startsWith('src/') || path.startsWith('test/'))).toBe(false);

    await execa('npm', ['install', '--global', '--prefix', prefix, join(prefix, filename)]);
    const koalaci = (...args: string[]) =>
      execa(join(prefix, 'bin/koalaci'), args, { env: { KOALACI_HOME: join(prefix, 'home') } });
    expect((await koalaci('--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/);
    expect((await koalaci('--help')).stdout).toContain('run [options] [job]');
    await koalaci('init');
    expect((await koalaci('token')).stdout.split('.')).toHaveLength(3);
  } finally {
    await rm(prefix, { recursive: true, force: true });
  }
}, 120_000);
