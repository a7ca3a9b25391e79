// What a build depends on beside the files of its commit: the job, and what of the operator's settings a build can see. Pure.
import { createHmac } from 'node:crypto';
import { escapeId, type ProjectId, type UserId } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import type { Payload } from '../job/payload.js';

/** What of the machine's settings a build can see. */
export interface Surroundings {
  /** The builder image: the system, Node, the package managers, and koalaci's own steps. */
  image: string;
  runtime: string | undefined;
  limits: Pick<Limits, 'cpus' | 'memory' | 'pids'>;
  frozenLockfile: boolean;
  extraCa: string | undefined;
  proxies: object;
  /** Where artifacts lie: on the machine that built them. */
  host: string;
}

/**
 * Fields of a job that do not reach the build, or that its place and its commit stand for. All others count, also those that are
 * added one day.
 */
const NOT_SEEN: readonly string[] = [
  ...['project_id', 'deployment_id', 'project_repo_url', 'project_ssh_key'],
  ...['project_branch', 'project_commit', 'project_default_branch'],
  ...['callback_url', 'artifact_url', 'timeout_seconds', 'cache', 'reuse', 'supersede'],
];

/** A keyed hash of each input, by its name. The key is the installation's, so that nobody can find out values by trying. */
export type Inputs = Readonly<Record<string, string>>;

/** The inputs of a job. */
export function inputsOf(payload: Payload, surroundings: Surroundings, key: string): Inputs {
  const { env = {}, ...fields } = payload;
  const { limits, ...machine } = surroundings;
  const { cpus, memory, pids } = limits;
  const job = Object.entries(fields).filter(
    ([name, value]) => !NOT_SEEN.includes(name) && value !== undefined,
  );
  const inputs = [
    ...job,
    ...Object.entries(env).map(([name, value]) => [`env ${name}`, value] as const),
    ...Object.entries({ ...machine, cpus, memory, pids }),
  ];
  return Object.fromEntries(
    inputs.map(([name, value]) => [name, keyedHash(key, [name, value ?? null])] as const),
  );
}

/** The key of a project's hashes. */
export function reuseSecret(secret: string, owner: { user: UserId; project: ProjectId }): string {
  const of = `reuse:${escapeId(owner.user)}:${escapeId(owner.project)}`;
  return createHmac('sha256', secret).update(of).digest('hex');
}

/** A hash of a JSON value that only this installation can make. Members of objects count in any order. */
export function keyedHash(key: string, value: unknown): string {
  return createHmac('sha256', key).update(JSON.stringify(value, sorted)).digest('hex');
}

/** In words: the first input that is another one, or that only one of the two has; undefined if there is none. */
export function changedInput(before: Inputs, now: Inputs): string | undefined {
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const name = names.find((one) => before[one] !== now[one]);
  return name && (name.startsWith('env ') ? `the variable ${name.slice(4)}` : (WORDS[name] ?? name));
}

/** What a user calls them; the other ones go by the names of their fields. */
const WORDS: Record<string, string> = {
  image: 'the builder image',
  extraCa: "the operator's certificates",
  frozenLockfile: 'KOALACI_FROZEN_LOCKFILE',
  runtime: 'KOALACI_RUNTIME',
  cpus: 'KOALACI_CPUS',
  memory: 'KOALACI_MEMORY',
  pids: 'KOALACI_PIDS',
  proxies: "the operator's proxies",
};

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
