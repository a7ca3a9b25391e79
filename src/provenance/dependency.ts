// A package that a lockfile has resolved. Pure.

export interface Dependency {
  name: string;
  version: string;
  /** Where it comes from, if not from a registry: the address of a repository or a file, without credentials. */
  source?: string;
  /** Hashes of its file, by algorithm, in hex. */
  digest?: Record<string, string>;
  /** Whether only the project's own development needs it, as far as the lockfile says. */
  isDev?: boolean;
}

/** The package URL of it: https://github.com/package-url/purl-spec */
export function purlOf({ name, version, source }: Pick<Dependency, 'name' | 'version' | 'source'>): string {
  const [scope, plain] = name.startsWith('@') && name.includes('/') ? name.split(/\/(.*)/s) : ['', name];
  const path = [scope, plain]
    .filter(Boolean)
    .map((part) => encodeURIComponent(part as string))
    .join('/');
  const at = version === '' ? '' : `@${encodeURIComponent(version)}`;
  return `pkg:npm/${path}${at}${source === undefined ? '' : qualifierOf(source)}`;
}

const NAMES: Record<string, string> = { sha1: 'sha1', sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' };

/** The hashes in an `integrity`, such as `sha512-…` (https://w3c.github.io/webappsec-subresource-integrity/); the first of each algorithm. */
export function digestOf(integrity: string | undefined): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const hash of (integrity ?? '').split(/\s+/)) {
    const [, algorithm = '', base64 = ''] = /^(\w+)-([A-Za-z0-9+/]+=*)/.exec(hash) ?? [];
    const name = NAMES[algorithm];
    if (name && !(name in found)) found[name] = Buffer.from(base64, 'base64').toString('hex');
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Registries answer under such addresses: all of them have a package's files at the same path. */
const OF_REGISTRY = /^https?:\/\/[^/]+\/.*\/-\/[^/]+\.tgz([?#].*)?$/;

/** Where a package comes from by its address in a lockfile: undefined for a registry, and for what there is no address of. */
export function sourceOf(resolved: string | undefined): string | undefined {
  if (resolved === undefined || resolved === '' || OF_REGISTRY.test(resolved)) return undefined;
  // What is before an @, or in a query, may be a secret.
  return resolved.replace(/^([a-z+]+:\/\/)[^/@]*@/, '$1').replace(/\?[^#]*/, '');
}

/** The same once for each name, version and source, in the order of their package URLs. */
export function distinct(dependencies: Dependency[]): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const one of dependencies) {
    const purl = purlOf(one);
    const before = found.get(purl);
    const isDev = one.isDev && before?.isDev !== false;
    found.set(purl, { ...before, ...one, ...(one.isDev === undefined ? {} : { isDev: isDev === true }) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function qualifierOf(source: string): string {
  const isRepository = /^(git\+|git:|git@|ssh:|github:|gitlab:|bitbucket:)|\.git(#|$)/.test(source);
  return `?${isRepository ? 'vcs_url' : 'download_url'}=${encodeURIComponent(source)}`;
}
