// Makes what tree-reader.sh reads of a job: where the repository is, and what git may use for it. Pure.
import type { GitCredential } from '../job/credentials.js';
import type { Payload } from '../job/payload.js';
import { isLocalSource, splitCredentials } from '../job/rules.js';
import { credentialPairs, fetchFields, inputText } from '../sandbox/job-input.js';
import { LOCAL_SOURCE } from '../sandbox/protocol.js';
import type { Proxies } from '../settings/proxies.js';
import { storeName } from './keys.js';

export interface TreeRequestOptions {
  payload: Payload;
  credentials: readonly GitCredential[];
  knownHosts: readonly string[];
  proxies: Proxies;
  extraCa: string | undefined;
  /** A commit with which the new one is compared. */
  since: string | undefined;
}

/** The first line of a request: the user that git runs as, and the name of its store. */
export function readerHead(
  { payload, repository }: { payload: Payload; repository: string },
  uid: number,
): string {
  // git serves a local repository only to its owner, whom root can become; it has a container of its own.
  return `${isLocalSource(payload.project_repo_url) ? 0 : uid}\0${storeName(repository)}\0`;
}

/** The rest of it, which may hold credentials. */
export function makeTreeRequest(options: TreeRequestOptions): Buffer {
  const { payload, credentials, knownHosts, proxies, extraCa = '', since } = options;
  const local = isLocalSource(payload.project_repo_url);
  const { url } = splitCredentials(payload.project_repo_url);
  const { branch, is_tag, commit } = fetchFields(payload);
  const fields = {
    ...{ branch, is_tag, commit, since },
    url: local ? `file://${LOCAL_SOURCE}` : url,
    local: local ? '1' : '',
    skip_ci: payload.skip_ci === false ? '' : '1',
    known_hosts: knownHosts.join('\n'),
    ...proxies,
    ca_bytes: String(Buffer.byteLength(extraCa)),
  };
  const pairs = inputText([...Object.entries(fields), ...credentialPairs(credentials)]);
  return Buffer.from(`${pairs}${extraCa}`);
}
