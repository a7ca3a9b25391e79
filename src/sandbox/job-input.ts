// Makes what a container reads from its standard input: `name=value` pairs, each ended by a NUL, then certificates. Pure.
import { createHmac } from 'node:crypto';
import type { GitCredential } from '../job/credentials.js';
import { escapeId, type ProjectId, type UserId } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import type { Payload } from '../job/payload.js';
import { isLocalSource, isTagRef, shortRef, splitCredentials } from '../job/rules.js';
import type { Proxies } from '../settings/proxies.js';
import { LOCAL_SOURCE } from './protocol.js';

/** What the entrypoint reads. */
export interface JobInput {
  bytes: Buffer;
  /** A secret that proves to the runner that the entrypoint has written a marker. */
  nonce: string;
}

export interface JobInputOptions {
  payload: Payload;
  /** Whether it is only looked at. Without a branch, the remote's HEAD is. */
  detects?: boolean;
  nonce: string;
  /** What git may use, those of the payload included. */
  credentials: readonly GitCredential[];
  /** Host keys, as lines of known_hosts. */
  knownHosts: readonly string[];
  /** What buildUid() returns. */
  uid: number;
  /** What installKey() returns. */
  installKey: string;
  /** PEM of certificate authorities that the build trusts besides the image's. */
  extraCa: string | undefined;
  proxies: Proxies;
  /** Build tools get the number of processors in variables: in a container they see the whole machine's. */
  limits: Pick<Limits, 'cpus' | 'disk' | 'inodes'>;
  /** Whether a project without a lockfile is refused, if the job does not say. */
  frozenLockfile: boolean;
  /** Bytes that tool caches may have in the snapshot. */
  toolCacheLimit: number;
  /** Bytes that downloads may have in it. */
  downloadCacheLimit: number;
  /** Whether it sends a list of what it ships, and then only the contents that are wanted; and how much that may be. */
  listed?: { entries: number; bytes: number } | undefined;
  /** What to watch the build for; undefined if nobody wants to know what it looks at. */
  watch?: Watched | undefined;
}

/** Places of the workspace that a build is not known to depend on. Their names have no line ends. */
export interface Watched {
  /** Directories of the packages that it is known to depend on. */
  related: readonly string[];
  /** Directories of other packages. */
  unrelated: readonly string[];
  /** Directories in which packages are. */
  parents: readonly string[];
  /** Directories of installed packages that only those depend on. */
  foreign: readonly string[];
}

/** Makes the input for a job. `env.NAME` pairs are the job's own environment, `credential` pairs what git may use. */
export function makeJobInput({
  payload,
  detects = false,
  nonce,
  uid,
  credentials,
  knownHosts,
  installKey,
  extraCa = '',
  proxies,
  limits,
  frozenLockfile,
  listed,
  watch,
  ...caches
}: JobInputOptions): JobInput {
  const local = isLocalSource(payload.project_repo_url);
  const { url } = splitCredentials(payload.project_repo_url);
  const fields: Record<string, string | undefined> = {
    nonce,
    uid: String(uid),
    install_key: installKey,
    ...{ url: local ? `file://${LOCAL_SOURCE}` : url, local: local ? '1' : '' },
    detect: detects ? '1' : undefined,
    known_hosts: knownHosts.join('\n'),
    ...{ ...fetchFields(payload), ...projectFields(payload) },
    frozen: (payload.frozen_lockfile ?? frozenLockfile) ? '1' : '',
    ...limitFields(limits, listed),
    ...cacheFields(caches),
    ...watchFields(watch),
    ...proxies,
    ca_bytes: String(Buffer.byteLength(extraCa)),
  };
  const env = Object.entries(payload.env ?? {}).map(([name, value]) => [`env.${name}`, value] as const);
  const rows = credentialPairs(credentials);
  return {
    nonce,
    bytes: Buffer.from(`${inputText([...Object.entries(fields), ...rows, ...env])}${extraCa}`),
  };
}

/** The same job for its container, which is started again: it is kept for so many seconds, and builds nothing. */
export function keepInput({ bytes }: JobInput, seconds: number): Buffer {
  return Buffer.concat([Buffer.from(`keep=${seconds}\0`), bytes]);
}

/** Pairs as the container reads them. */
export function inputText(pairs: readonly (readonly [string, string | undefined])[]): string {
  const given = pairs.filter(([, value]) => value !== undefined);
  return `${given.map(([name, value]) => `${name}=${value}\0`).join('')}\0`;
}

/** The pairs of what git may use. */
export function credentialPairs(credentials: readonly GitCredential[]): (readonly [string, string])[] {
  return credentials.map((row) => ['credential', credentialText(row)] as const);
}

/** A row for the container: a line for each field; the secret comes last, since a key has many lines. */
function credentialText({ form, scheme, host, path, user, secret }: GitCredential): string {
  return [form, scheme, host, path, user, secret].join('\n');
}

/** What the container looks after itself. */
function limitFields(
  { cpus, disk, inodes }: JobInputOptions['limits'],
  listed: JobInputOptions['listed'],
): Record<string, string> {
  return {
    ...{ cpus: String(cpus), disk_limit: String(disk), inode_limit: String(inodes) },
    ...(listed ? { list_entries: String(listed.entries), list_bytes: String(listed.bytes) } : {}),
  };
}

/** What the snapshot may keep. */
function cacheFields(
  caches: Pick<JobInputOptions, 'toolCacheLimit' | 'downloadCacheLimit'>,
): Record<string, string> {
  return {
    tool_cache_limit: String(caches.toolCacheLimit),
    download_cache_limit: String(caches.downloadCacheLimit),
  };
}

/** What it is a build of, and how it is built. */
function projectFields(payload: Payload): Record<string, string | undefined> {
  return {
    project: payload.project_id,
    deployment: payload.deployment_id,
    root: payload.project_root ?? '.',
    skip_ci: payload.skip_ci === false ? '' : '1',
    ignore_command: payload.project_ignore_command,
    command: payload.project_build_command,
    manager: payload.project_package_manager,
    node: payload.node_version,
    dist: payload.project_dist_directory,
  };
}

/** What the build is watched for. */
function watchFields(watch: Watched | undefined): Record<string, string | undefined> {
  if (!watch) return {};
  const places = Object.entries(watch).map(([name, paths]) => [name, paths.join('\n')] as const);
  return { watch: '1', ...Object.fromEntries(places) };
}

/** What to fetch of the repository. */
export function fetchFields(payload: Payload): Record<string, string | undefined> {
  const { depth, tags } = payload.project_fetch ?? {};
  return {
    branch: shortRef(payload.project_branch),
    is_tag: isTagRef(payload.project_branch) ? '1' : undefined,
    commit: payload.project_commit,
    // Else the container asks the remote.
    default_branch: payload.project_default_branch,
    fetch_depth: depth === undefined ? undefined : String(depth),
    fetch_tags: tags === undefined ? undefined : String(Number(tags)),
  };
}

/**
 * The key with which a project's builds hash variables that installs depend on. A snapshot holds the hashes, so that the key
 * must not be guessed from it: it derives from the installation's secret, which machines that share snapshots share too.
 */
export function installKey(secret: string, owner: { user: UserId; project: ProjectId }): string {
  const of = `install key:${escapeId(owner.user)}:${escapeId(owner.project)}`;
  return createHmac('sha256', secret).update(of).digest('hex');
}
