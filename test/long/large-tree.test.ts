// A large site of which little changes, to a directory: what is served is what a clean build makes, and only what has changed was stored.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { commit, repoOf } from '../support/repo.js';

const run = promisify(execFile);
const MINUTES = 60_000;
/** Makes 20,000 files of 52,000 bytes, ten of which depend on the version. */
const GENERATOR = `import os, random
version = open("version").read()
block = random.Random(1).randbytes(1 << 20)
for n in range(20000):
    if n < 200: os.makedirs(f"public/{n}", exist_ok=True)
    head = f"{n} {version if n % 2000 == 7 else 0}\\n".encode()
    at = n * 7919 % (len(block) - 52000)
    with open(f"public/{n % 200}/file-{n}.js", "wb") as file: file.write(head + block[at:at + 52000 - len(head)])
`;

it(
  'ships a gigabyte in 20,000 files, and then ten of them',
  async () => {
    await using koalaci = await Koalaci.open();
    const repo = await repoOf('static', { 'generate.py': GENERATOR, version: '1' });
    const served = join(koalaci.home, 'served');
    await mkdir(served);
    const targets = join(koalaci.home, 'targets.json');
    await writeFile(targets, JSON.stringify([{ name: 'web', type: 'directory', directory: served }]), {
      mode: 0o600,
    });
    const build = async (id: string) => {
      const job = { id, command: 'python3 generate.py' };
      const { exitCode, stdout, stderr } = await koalaci.build(repo, job, [], {
        KOALACI_ARTIFACT_ARCHIVE: 'off',
      });
      expect(exitCode, stdout + stderr).toBe(0);
      const told = stdout + stderr;
      console.log(`${id}: ${/artifact +\S+ s/.exec(told)?.[0]}, ${/upload +\S+ s/.exec(told)?.[0]}`);
    };
    const objects = async () =>
      (await readdir(join(koalaci.home, 'objects', 'ann'), { recursive: true })).length;
    await build('d1');
    const before = await objects();
    await commit(repo, { version: '2' });
    await build('d2');
    // Each has a second name.
    expect(await objects()).toBe(before + 2 * 10);
    const clean = await mkdtemp(join(tmpdir(), 'koala-clean-'));
    try {
      await run('git', ['clone', '--quiet', repo, clean]);
      await run('python3', ['generate.py'], { cwd: clean });
      const [project = ''] = await readdir(join(served, 'ann'));
      await run('diff', [
        '--recursive',
        '--brief',
        join(clean, 'public'),
        join(served, 'ann', project, 'current'),
      ]);
    } finally {
      await rm(clean, { recursive: true });
    }
  },
  15 * MINUTES,
);
