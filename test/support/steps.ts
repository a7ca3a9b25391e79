// Functions and decisions of the steps (ci/steps), run on this machine.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

export const STEPS = join(import.meta.dirname, '../../ci/steps');

/** What stands for the rest of the container: everything belongs to whoever runs the test. */
const SURROUNDINGS = `
set -Eeuo pipefail
run_as_build() { "$@"; }
run_at_home() { "$@"; }
as_build() { "$@"; }
lib::exists() { [[ -f $1 ]]; }
lib::program() { REPLY=$1; }
fail() { printf '%s\n' "$@"; exit 1; }
declare -A JOB=() FACTS=() MANIFEST=()
REPLY='' WORDS=()
`;

interface Calling {
  words?: string[];
  at?: string;
  input?: string;
  from?: string;
}

export interface Said {
  exitCode: number | undefined;
  stdout: string;
}

/** Sources files of ci/steps (or of a copy, `from`) in the directory `at`, in that order; runs a script with `words` as its arguments. */
export async function callSteps(
  files: string[],
  script: string,
  { words = [], at, input = '', from = STEPS }: Calling = {},
): Promise<Said> {
  const sources = files.map((file) => `source "${join(from, file)}"`).join('\n');
  const { exitCode, stdout } = await execa(
    'bash',
    ['-c', `${SURROUNDINGS}\n${sources}\n${script}`, 'bash', ...words],
    { reject: false, input, ...(at ? { cwd: at } : {}) },
  );
  return { exitCode, stdout };
}

/** Runs a program of ci/steps/decisions on JSON documents, as the steps do. */
export async function decide(program: string, documents: unknown[], flags: string[] = []): Promise<Said> {
  const { exitCode, stdout } = await execa(
    'jq',
    ['--compact-output', '--raw-output', ...flags, '--from-file', join(STEPS, 'decisions', `${program}.jq`)],
    { reject: false, input: documents.map((document) => `${JSON.stringify(document)}\n`).join('') },
  );
  return { exitCode, stdout };
}

/** A directory with files, for the length of a test. */
export async function workspaceOf(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-steps-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}
