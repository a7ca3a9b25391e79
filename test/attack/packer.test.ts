// What a build can do to what packs its dist directory: it is refused early, by name, and nobody else notices.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { builderWith, fileOfBuilder } from '../support/builder-image.js';
import { containersOf } from '../support/containers.js';
import { gate, openGate } from '../support/gate.js';
import { type Ended, jobArgs, Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

let koalaci: Koalaci;
let repo: string;
beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

let builds = 0;
const nextId = () => `packed-${++builds}`;

async function build(command: string, env: Record<string, string> = {}): Promise<Ended & { id: string }> {
  repo = await repoOf('static');
  const id = nextId();
  return { id, ...(await koalaci.build(repo, { id, command: `cd public; ${command}` }, [], env)) };
}

/** That the build was refused, that it says why and what to do, that it left nothing, and that the next one is unharmed. */
async function isRefused(ended: Ended & { id: string }, says: RegExp, setting: string): Promise<void> {
  const told = ended.stdout + ended.stderr;
  expect(ended.exitCode, told).toBe(1);
  expect(told).toMatch(/ERROR artifact_limit: /);
  expect(told).toMatch(says);
  expect(told).toContain(setting);
  await leavesNothing(ended.id);
}

async function leavesNothing(id: string): Promise<void> {
  const next = nextId();
  const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: next });
  expect(exitCode, stdout + stderr).toBe(0);
  const isLeft = (file: string) => file.endsWith('.partial') || file.startsWith(`${id}.`);
  const left = async () => (await readdir(dirname(koalaci.artifact(next)))).filter(isLeft);
  // What is said of the artifact is written in these moments, under another name at first.
  await until(
    async () => (await left()).length === 0,
    60_000,
    async () => `${await left()}`,
  );
}

/** Makes directories inside each other, which are deeper than a path may be long, and runs Python in the last one. */
const deep = (depth: number, name: string, then = 'pass') =>
  `python3 -c 'import os
for at in range(${depth}):
  os.mkdir("${name}"); os.chdir("${name}")
${then}'`;

describe('a list of what is shipped', () => {
  attack(
    "naming the content of another project of the user's, to have it without sending it",
    async () => {
      const env = { KOALACI_ARTIFACT_ARCHIVE: 'off' };
      const victim = await build('echo private >index.html', env);
      expect(victim.exitCode, victim.stdout + victim.stderr).toBe(0);
      const hash = createHash('sha256').update('private\n').digest('hex');
      const program = await fileOfBuilder('/koala/steps/artifact-list.py');
      const lying = program.replace('return digest.digest()', `return bytes.fromhex('${hash}')`);
      expect(lying).not.toBe(program);
      const image = await builderWith({ '/koala/steps/artifact-list.py': lying });
      const repo = await repoOf('static');
      const job = { id: nextId(), project: 'thief', command: 'rm public/*; echo unknown >public/index.html' };
      const thief = await koalaci.build(repo, job, [], { ...env, KOALACI_IMAGE: image });
      expect(thief.exitCode, thief.stdout + thief.stderr).toBe(1);
      expect(thief.stdout + thief.stderr).toMatch(
        /ERROR dist_missing: .*index\.html.* changed while it was read/,
      );
    },
    { short: true },
  );
});

describe('what packs the dist directory', () => {
  attack(
    'directories 2,000 deep',
    async () => {
      const ended = await build(deep(2_000, 'd'));
      await isRefused(ended, /directories inside each other, more than 100 deep/, 'KOALACI_ARTIFACT_DEPTH');
    },
    { short: true },
  );

  attack('a path longer than a system has', async () => {
    const ended = await build(deep(40, 'x'.repeat(250), 'open("f", "w")'));
    await isRefused(ended, /a path of more than 1,024 bytes/, 'KOALACI_ARTIFACT_PATH');
  });

  attack('a link deeper than a path may be long', async () => {
    const ended = await build(deep(40, 'x'.repeat(250), 'os.symlink("/etc/passwd", "l")'));
    await isRefused(ended, /a path of more than 1,024 bytes/, 'KOALACI_ARTIFACT_PATH');
  });

  attack('a link with a target longer than a path may be', async () => {
    const ended = await build('ln -s "$(head -c 4000 /dev/zero | tr "\\0" x)" l');
    await isRefused(ended, /a path of more than 1,024 bytes/, 'KOALACI_ARTIFACT_PATH');
  });

  attack('more files than allowed', async () => {
    const ended = await build('seq 3000 | xargs touch', { KOALACI_ARTIFACT_ENTRIES: '2000' });
    await isRefused(ended, /more than 2,000 files, directories and links/, 'KOALACI_ARTIFACT_ENTRIES');
  });

  attack('links with more names than are held', async () => {
    const ended = await build(
      `python3 -c 'import os
for at in range(20000): os.symlink("x" * 1000, str(at))'`,
    );
    await isRefused(ended, /links with more than 16 MiB of names/, 'artifact_limit');
  });

  attack('a large file in git’s own directory, which is not shipped', async () => {
    const ended = await build('mkdir .git; truncate -s 3G .git/x', { KOALACI_ARTIFACT_LIMIT: '100m' });
    await isRefused(ended, /more than 1000 MiB in \.git/, 'project_dist_directory');
  });

  attack('as many files as allowed, each with the longest name', async () => {
    // Names of 80 MB, which are more than the packer may have memory for.
    const limits = {
      KOALACI_ARTIFACT_ENTRIES: '31000',
      KOALACI_ARTIFACT_PATH: '3k',
      KOALACI_ARTIFACT_DEPTH: '11',
    };
    const ended = await build(
      deep(10, 'D'.repeat(250), 'for at in range(30000): open("F%0249d" % at, "w")'),
      limits,
    );
    expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
  });

  attack('the process that packs dies, as if the machine had no memory for it', async () => {
    repo = await repoOf('static');
    const id = nextId();
    const run = koalaci.start(jobArgs(repo, { id, command: gate() }));
    const packer = await until(() => packerOf(run.pid ?? 0));
    process.kill(packer, 'SIGKILL');
    await until(async () => (await containersOf(id)).length === 1);
    await openGate(id);
    const { exitCode, stdout, stderr } = await run;
    expect(exitCode, `${stdout}${stderr}`).toBe(5);
    expect(`${stdout}${stderr}`).toMatch(
      /could not be packed: the process that packs it ended early \(SIGKILL\)/,
    );
    await leavesNothing(id);
  });
});

/** The process that packs for a koalaci, once there is one. */
async function packerOf(koalaci: number): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (status.includes(`PPid:\t${koalaci}\n`) && line.endsWith('\0pack\0')) return Number(pid);
  }
  return undefined;
}
