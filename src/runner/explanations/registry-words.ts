// What can be wrong between a package manager and its registry, in words that all package managers share. Pure.
import type { Explanation } from './explanation.js';
import { hostIn, packageIn } from './words.js';

/** Errors of a connection, as Node.js, Rust and bun name them. */
const UNREACHABLE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|ESOCKETTIMEDOUT|ConnectionRefused|ConnectionClosed|ConnectionReset|DNSResolveFailed|ConnectionTimeout|Timeout)\b|FailedToOpenSocket|socket hang up|fetch failed|network timeout|(?:dns|tcp connect) error|Connection (?:refused|reset)|timed? ?out/i;
const UNTRUSTED =
  /\b(?:\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(?:VERIFY|GET)\w*|CERT_(?:HAS_EXPIRED|NOT_YET_VALID|UNTRUSTED)|ERR_TLS_CERT_ALTNAME_INVALID)\b|self[- ]signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate|certificate has expired|invalid peer certificate/i;

/** How each package manager is given a token. */
const TOKEN = {
  npmrc: (host: string) =>
    `Set NPM_TOKEN in env, and commit a .npmrc with the line //${host}/:_authToken=\${NPM_TOKEN}`,
  yarnrc: (host: string) =>
    `Set NPM_TOKEN in env, and in .yarnrc.yml npmRegistries: {"//${host}": {npmAuthToken: "\${NPM_TOKEN}"}}`,
};
export type TokenFile = keyof typeof TOKEN;

const theRegistry = (host: string | undefined) => (host ? `the registry ${host}` : 'the package registry');

/** The registry lacks a package, or a version of it. */
export function isMissing(what: string | undefined, host?: string): Explanation {
  return {
    id: 'registry-missing',
    fault: 'project',
    message: what
      ? `${theRegistry(host)} does not have ${what}`
      : 'the registry does not have a package, or does not have the requested version of it',
    remedy:
      'Check its name and version, and the registry in .npmrc; of a private package, most say so to who has no token.',
  };
}

/** The registry wants a token, or another one. */
export function isRefused(
  status: string | number,
  host: string | undefined,
  file: TokenFile,
  what?: string,
): Explanation {
  return {
    id: 'registry-refused',
    fault: 'job',
    message: `${theRegistry(host)} refuses access${what ? ` to ${what}` : ''} (${status})`,
    remedy: `${TOKEN[file](host ?? 'HOST/PATH')}; the token must be valid, and allowed to read the package.`,
  };
}

/** The answer to a request of a registry, by its status. */
export function answered(status: string, address: string, file: TokenFile): Explanation {
  const [host, what] = [hostIn(address), packageIn(address)];
  if (status === '404') return isMissing(what, host);
  if (status === '401' || status === '403' || status === '407') return isRefused(status, host, file, what);
  return {
    id: 'registry-answered',
    fault: 'service',
    message: `${theRegistry(host)} answered ${status}${what ? ` when asked for ${what}` : ''}`,
    remedy: 'Build again later; if it stays so, check the registry and what stands before it.',
  };
}

/** No connection to the registry: not reached, or its certificate not trusted. Undefined if the words say neither. */
export function connection(words: string, host?: string): Explanation | undefined {
  if (UNTRUSTED.test(words))
    return {
      id: 'registry-certificate',
      fault: 'operator',
      message: `the certificate of ${theRegistry(host)} is not trusted`,
      remedy: 'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or registry.',
    };
  const how = UNREACHABLE.exec(words)?.[0];
  if (!how) return undefined;
  return {
    id: 'registry-unreachable',
    fault: 'service',
    message: `${theRegistry(host)} cannot be reached (${how})`,
    remedy:
      'Check the network of the build machine, and the registry in the configuration of the package manager.',
  };
}

/** A package is not what the lockfile says. */
export function isTampered(what: string | undefined, expected?: string, found?: string): Explanation {
  const hashes = [expected && `expected ${brief(expected)}`, found && `found ${brief(found)}`].filter(
    Boolean,
  );
  return {
    id: 'tampered',
    fault: 'service',
    message: `${what ?? 'a package'} is not what the lockfile says${hashes.length ? ` (${hashes.join(', ')})` : ''}`,
    remedy:
      'A proxy, a mirror or whoever published it has changed its tarball: find out which, before you update its hash in the lockfile.',
  };
}

/** The disk of the container is full. */
export function diskFull(): Explanation {
  return {
    id: 'disk-full',
    fault: 'operator',
    message: 'the disk is full',
    remedy: 'Write less, or free space on the build machine; files in /tmp are in memory.',
  };
}

function brief(hash: string): string {
  return hash.length > 28 ? `${hash.slice(0, 24)}…` : hash;
}
