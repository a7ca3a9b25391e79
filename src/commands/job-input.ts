// Reads a job's payload from a JSON file, standard input or a project's directory; flags override its fields.
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { KoalaError, messageOf } from '../job/errors.js';
import { jsonProblem } from '../job/json-problem.js';
import { PAYLOAD_BYTES } from '../job/payload.js';
import { parseDuration, showBytes } from '../job/quantity.js';
import { systemWords } from '../job/system-words.js';
import type { Env } from '../settings/read.js';

export interface RunFlags {
  projectId?: string;
  deploymentId?: string;
  branch?: string;
  defaultBranch?: string;
  commit?: string;
  fetchDepth?: string;
  fetchTags?: boolean;
  repoUrl?: string;
  root?: string;
  sshKeyFile?: string;
  buildCommand?: string;
  packageManager?: string;
  distDirectory?: string;
  nodeVersion?: string;
  env?: string[];
  publicEnv?: string[];
  reuse?: string;
  timeout?: string;
  frozenLockfile?: boolean;
  /** How commander gives --no-cache: true without the flag, false with it. */
  cache?: boolean;
  /** Likewise of --no-skip-ci. */
  skipCi?: boolean;
  output?: string;
  /** Whether the container of a build that fails is kept. */
  keep?: boolean;
  supersede?: boolean;
  dirty?: boolean;
  detach?: boolean;
  wait?: boolean;
  json?: boolean;
  verbose?: boolean;
  raw?: boolean;
  server?: string;
  token?: string;
}

/** Where a job is read, and for whom. */
export interface Reading {
  /** From which `--env NAME` takes a value. */
  env: Env;
  /** Whether a service elsewhere builds it, which sees nothing of this machine. */
  isElsewhere?: boolean;
}

/** Which field of the payload a flag sets. */
const FIELDS = {
  projectId: 'project_id',
  deploymentId: 'deployment_id',
  branch: 'project_branch',
  defaultBranch: 'project_default_branch',
  commit: 'project_commit',
  repoUrl: 'project_repo_url',
  root: 'project_root',
  buildCommand: 'project_build_command',
  packageManager: 'project_package_manager',
  distDirectory: 'project_dist_directory',
  nodeVersion: 'node_version',
  publicEnv: 'public_env',
  reuse: 'reuse',
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/**
 * The payload, not yet validated: the fields of the file, overridden by flags.
 * @throws KoalaError `bad_input` when a file cannot be read, or the job is not a JSON object
 */
export async function readJob(
  file: string | undefined,
  flags: RunFlags,
  reading: Reading,
): Promise<Record<string, unknown>> {
  const merged = mergeFlags(await readFields(file, flags, reading), flags, reading.env);
  return flags.sshKeyFile === undefined
    ? merged
    : { ...merged, project_ssh_key: await readKey(flags.sshKeyFile) };
}

async function readFields(
  file: string | undefined,
  flags: RunFlags,
  { isElsewhere = false }: Reading,
): Promise<Record<string, unknown>> {
  const isDirectory = file !== undefined && statSync(file, { throwIfNoEntry: false })?.isDirectory();
  if (isDirectory) {
    const { readDirectoryJob } = await import('./directory-job.js');
    return readDirectoryJob(file, flags, isElsewhere);
  }
  if (flags.dirty)
    throw new KoalaError('bad_input', '--dirty: only goes with the directory of a project', {
      remedy: 'Type: koalaci run . --dirty',
    });
  return file === undefined ? {} : readObject(file);
}

/** Overrides the fields of a payload with flags. Pure. */
export function mergeFlags(
  payload: Record<string, unknown>,
  flags: RunFlags,
  env: Env,
): Record<string, unknown> {
  const given = Object.entries(FIELDS).flatMap(([flag, field]) => {
    const value = flags[flag as keyof typeof FIELDS];
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    ...payload,
    ...Object.fromEntries(given),
    ...(flags.env ? { env: { ...(payload.env as object | undefined), ...readEnv(flags.env, env) } } : {}),
    ...fetching(payload, flags),
    ...(flags.cache === false ? { cache: 'ignore' } : {}),
    ...(flags.skipCi === false ? { skip_ci: false } : {}),
    ...(flags.frozenLockfile ? { frozen_lockfile: true } : {}),
    ...(flags.supersede ? { supersede: true } : {}),
    ...(flags.timeout !== undefined
      ? { timeout_seconds: Math.ceil(parseDuration('--timeout', flags.timeout) / 1000) }
      : {}),
  };
}

function fetching({ project_fetch: given }: Record<string, unknown>, flags: RunFlags): object {
  const { fetchDepth, fetchTags } = flags;
  if (fetchDepth === undefined && fetchTags === undefined) return {};
  return {
    project_fetch: {
      ...(given as object | undefined),
      ...(fetchDepth === undefined
        ? {}
        : { depth: /^\d+$/.test(fetchDepth) ? Number(fetchDepth) : fetchDepth }),
      ...(fetchTags === undefined ? {} : { tags: fetchTags }),
    },
  };
}

function readEnv(pairs: string[], env: Env): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      const value = env[pair];
      if (value !== undefined) return [pair, value];
      throw new KoalaError(
        'bad_input',
        `--env ${pair}: must be NAME=value, or the name of a variable that is set in your shell`,
      );
    }),
  );
}

/**
 * Variables from a file: a line NAME=value each, the value as it is; a line that begins with # is none.
 * @throws KoalaError `bad_input`
 */
export async function readEnvFile(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KoalaError('bad_input', `--env-file ${file}: cannot be read: ${messageOf(cause)}`, { cause });
  });
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1)];
      throw new KoalaError('bad_input', `--env-file ${file}: each line must be NAME=value`);
    }),
  );
}

/**
 * The private key in a file, as `--ssh-key-file` names it.
 * @throws KoalaError `bad_input`
 */
export async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new KoalaError('bad_input', `--ssh-key-file ${file}: cannot be read`, {
      remedy: 'Name the file of a private key that this user may read.',
      cause,
    });
  }
}

async function readObject(file: string): Promise<Record<string, unknown>> {
  const name = file === '-' ? 'standard input' : file;
  const input = file === '-' ? process.stdin : createReadStream(file);
  const text = await readText(input, name).catch((cause: unknown) => {
    if (cause instanceof KoalaError) throw cause;
    throw unreadable({ file, name }, `cannot be read: ${systemWords(cause)}`, cause);
  });
  const value = parsed(text, { file, name });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KoalaError('bad_input', `the job in ${name} must be a JSON object`, {
      remedy: '"koalaci help payload" lists its fields.',
    });
  }
  return value as Record<string, unknown>;
}

function parsed(text: string, { file, name }: { file: string; name: string }): unknown {
  // Some editors begin a file with a byte order mark.
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw unreadable({ file, name }, `is not JSON: ${jsonProblem(json)}`, cause);
  }
}

function unreadable(
  { file, name }: { file: string; name: string },
  problem: string,
  cause: unknown,
): KoalaError {
  const isVariable = /^[A-Za-z_]\w*=/.test(file);
  return new KoalaError('bad_input', `the job in ${name} ${problem}`, {
    remedy: isVariable
      ? 'Write --env before each variable.'
      : 'Pass a JSON file, "-" for standard input, or flags (koalaci run --help lists them).',
    cause,
  });
}

/** Reads no further than a job may be long: a file may be anything. */
async function readText(input: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes <= PAYLOAD_BYTES) continue;
    throw new KoalaError('too_large', `the job in ${name} is larger than ${showBytes(PAYLOAD_BYTES)}`);
  }
  return Buffer.concat(chunks).toString();
}
