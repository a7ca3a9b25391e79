// Reads a job's payload from a JSON file or standard input; flags override its fields.
import { readFile } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import { parseDuration } from '../job/quantity.js';
import type { Env } from '../settings/read.js';

export interface RunFlags {
  projectId?: string;
  deploymentId?: string;
  branch?: string;
  defaultBranch?: string;
  commit?: string;
  repoUrl?: string;
  root?: string;
  buildCommand?: string;
  packageManager?: string;
  distDirectory?: string;
  nodeVersion?: string;
  env?: string[];
  timeout?: string;
  frozenLockfile?: boolean;
  /** How commander gives --no-cache: true without the flag, false with it. */
  cache?: boolean;
  output?: string;
  supersede?: boolean;
  detach?: boolean;
  json?: boolean;
  token?: string;
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
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/**
 * The payload, not yet validated: the fields of the file, overridden by flags. `--env NAME` takes its value from `env`.
 * @throws KoalaError `bad_input` when the file cannot be read or is not a JSON object
 */
export async function readJob(
  file: string | undefined,
  flags: RunFlags,
  env: Env,
): Promise<Record<string, unknown>> {
  return mergeFlags(file === undefined ? {} : await readObject(file), flags, env);
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
    ...(flags.cache === false ? { cache: 'ignore' } : {}),
    ...(flags.frozenLockfile ? { frozen_lockfile: true } : {}),
    ...(flags.supersede ? { supersede: true } : {}),
    ...(flags.timeout
      ? { timeout_seconds: Math.ceil(parseDuration('--timeout', flags.timeout) / 1000) }
      : {}),
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

async function readObject(file: string): Promise<Record<string, unknown>> {
  const name = file === '-' ? 'standard input' : file;
  let value: unknown;
  try {
    const text = file === '-' ? await readStdin() : await readFile(file, 'utf8');
    // Some editors begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const problem = cause instanceof SyntaxError ? `is not JSON: ${cause.message}` : 'cannot be read';
    throw new KoalaError('bad_input', `the job in ${name} ${problem}`, {
      remedy: 'Pass a JSON file, "-" for standard input, or flags (koalaci run --help lists them).',
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KoalaError('bad_input', `the job in ${name} must be a JSON object`);
  }
  return value as Record<string, unknown>;
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
