// The disk of the artifacts is full in the middle of a pack, and packs that were cut short.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { sha256 } from '../support/artifact.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

const MINUTE = 60_000;
const LARGE = 'head -c 300M /dev/urandom >public/large';

it.runIf(process.getuid?.() === 0)(
  'a disk that fills up while an artifact is packed: the user hears it, and the last artifact is as it was',
  async () => {
    const koalaci = await Koalaci.open();
    const repo = await repoOf('static');
    const artifacts = join(koalaci.home, 'artifacts');
    await mkdir(artifacts);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', artifacts]);
    try {
      const env = { KOALACI_DISK_FREE: '1k' };
      const first = await koalaci.build(repo, { id: 'full' }, [], env);
      expect(first.exitCode, first.stderr).toBe(0);
      const before = await sha256(koalaci.artifact('full'));
      const again = await koalaci.build(repo, { id: 'full', command: LARGE.replace('300M', '5M') }, [], env);
      expect(again.stderr).toContain('the dist directory could not be packed');
      expect(again.stderr).toMatch(/Make room in .*artifacts/);
      expect(again.exitCode).toBe(5);
      const record = JSON.parse((await koalaci.run(['status', 'full', '--json'])).stdout);
      expect(record).toMatchObject({ status: 'ERROR', last_artifact: { sha256: before } });
      expect(await sha256(koalaci.artifact('full'))).toBe(before);
      await leftOnly(dirname(koalaci.artifact('full')), ['full.json', 'full.tar.gz']);
    } finally {
      await execa('umount', [artifacts]);
      await koalaci.close();
    }
  },
  2 * MINUTE,
);

it.runIf(WHOLE)(
  'a pack that was cut short by a kill leaves a file, which the next build removes',
  async () => {
    const koalaci = await Koalaci.open();
    const repo = await repoOf('static');
    const directory = dirname(koalaci.artifact('cut'));
    const partials = () => readdirIfAny(directory).filter((name) => name.endsWith('.partial'));
    const building = koalaci.start(jobArgs(repo, { id: 'cut', command: LARGE }));
    await until(() => partials().length > 0);
    const packer = packerOf(building.pid ?? 0);
    // It would remove its file if it saw that koalaci is gone.
    process.kill(packer, 'SIGSTOP');
    building.kill('SIGKILL');
    await building;
    process.kill(packer, 'SIGKILL');
    expect(partials()).not.toEqual([]);

    expect((await koalaci.build(repo, { id: 'next' })).exitCode).toBe(0);
    await leftOnly(directory, ['next.json', 'next.tar.gz']);
    await koalaci.close();
  },
  2 * MINUTE,
);

/** Waits until nothing else is left, but for what is said of artifacts later, when nobody waits. */
async function leftOnly(directory: string, names: string[]): Promise<void> {
  const left = () => readdirIfAny(directory).filter((name) => !/\.(intoto\.jsonl|sbom)$/.test(name));
  await until(
    () => left().sort().join() === names.join(),
    MINUTE,
    () => left().join(),
  );
}

function readdirIfAny(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The child of koalaci that packs. */
function packerOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const packer = children.find((child) => /\0pack\0$/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8')));
  if (!packer) throw new Error('nothing packs');
  return packer;
}
