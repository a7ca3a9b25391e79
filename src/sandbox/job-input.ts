// Makes what a container reads from its standard input: `name=value` pairs, each ended by a NUL, then certificates. Pure.
import { createHmac } from 'node:crypto';
import { escapeId, type ProjectId, type UserId } from '../job/identity.js';
import type { Payload } from '../job/payload.js';
import { isLocalSource, splitCredentials } from '../job/rules.js';
import { LOCAL_SOURCE } from './protocol.js';

/** What the entrypoint reads. */
export interface JobInput {
  bytes: Buffer;
  /** A secret that proves to the runner that the entrypoint has written a marker. */
  nonce: string;
}

export interface JobInputOptions {
  payload: Payload;
  nonce: string;
  /** What installKey() returns. */
  installKey: string;
  /** PEM of certificate authorities that the build trusts besides the image's. */
  extraCa: string | undefined;
  /** Processors that the build may use. Build tools get the number in variables: in a container they see the whole machine's. */
  cpus: number;
  /** Whether a project without a lockfile is refused, if the job does not say. */
  frozenLockfile: boolean;
  /** Bytes that tool caches may have in the snapshot. */
  toolCacheLimit: number;
  /** Bytes that downloads may have in it. */
  downloadCacheLimit: number;
}

/** Makes the input for a job. `env.NAME` pairs are the job's own environment. */
export function makeJobInput({
  payload,
  nonce,
  installKey,
  extraCa = '',
  cpus,
  frozenLockfile,
  toolCacheLimit,
  downloadCacheLimit,
}: JobInputOptions): JobInput {
  const local = isLocalSource(payload.project_repo_url);
  const { url, username, password } = splitCredentials(payload.project_repo_url);
  const fields: Record<string, string | undefined> = {
    nonce,
    install_key: installKey,
    url: local ? `file://${LOCAL_SOURCE}` : url,
    local: local ? '1' : '',
    username,
    password,
    branch: payload.project_branch,
    commit: payload.project_commit,
    // Else the container asks the remote.
    default_branch: payload.project_default_branch,
    root: payload.project_root ?? '.',
    command: payload.project_build_command,
    manager: payload.project_package_manager,
    node: payload.node_version,
    dist: payload.project_dist_directory,
    frozen: (payload.frozen_lockfile ?? frozenLockfile) ? '1' : '',
    cpus: String(cpus),
    tool_cache_limit: String(toolCacheLimit),
    download_cache_limit: String(downloadCacheLimit),
    ca_bytes: String(Buffer.byteLength(extraCa)),
  };
  const env = Object.entries(payload.env ?? {}).map(([name, value]) => [`env.${name}`, value] as const);
  const pairs = [...Object.entries(fields), ...env].filter(([, value]) => value !== undefined);
  const text = pairs.map(([name, value]) => `${name}=${value}\0`).join('');
  return { nonce, bytes: Buffer.from(`${text}\0${extraCa}`) };
}

/**
 * The key with which a project's builds hash variables that installs depend on. A snapshot holds the hashes, so that the key
 * must not be guessed from it: it derives from the installation's secret, which machines that share snapshots share too.
 */
export function installKey(secret: string, owner: { user: UserId; project: ProjectId }): string {
  const of = `install key:${escapeId(owner.user)}:${escapeId(owner.project)}`;
  return createHmac('sha256', secret).update(of).digest('hex');
}
