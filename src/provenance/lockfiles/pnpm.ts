// Reads pnpm-lock.yaml of the formats 5 to 9. Pure.
import { type Dependency, digestOf, sourceOf } from '../dependency.js';
import { isMap, readYaml, textOf, type YamlMap } from './yaml.js';

export function readPnpm(text: string): Dependency[] {
  // Newer pnpms put a document about themselves before the project's.
  const documents = text.split(/^---$/m).map(readYaml);
  const packages = documents.findLast((one) => isMap(one.packages))?.packages;
  if (!isMap(packages)) return [];
  return Object.entries(packages).flatMap(([key, entry]) => (isMap(entry) ? dependencyOf(key, entry) : []));
}

function dependencyOf(key: string, entry: YamlMap): Dependency[] {
  const resolution = isMap(entry.resolution) ? entry.resolution : {};
  // A directory of the project.
  if (resolution.type === 'directory' || resolution.directory !== undefined) return [];
  const [keyName, keyVersion] = nameIn(key);
  const [repo, commit] = [textOf(resolution.repo), textOf(resolution.commit)];
  const resolved = repo === undefined ? textOf(resolution.tarball) : `git+${repo}#${commit ?? ''}`;
  const source = sourceOf(resolved);
  const digest = digestOf(textOf(resolution.integrity));
  const isDev = textOf(entry.dev);
  return [
    {
      name: textOf(entry.name) ?? keyName,
      version: textOf(entry.version) ?? keyVersion,
      ...(source === undefined ? {} : { source }),
      ...(digest === undefined ? {} : { digest }),
      // Formats 5 and 6 say it.
      ...(isDev === undefined ? {} : { isDev: isDev === 'true' }),
    },
  ];
}

/** `/name/1.0.0_peer@2` (5), `/name@1.0.0(peer@2)` (6), `name@1.0.0` (9), and addresses, whose entries name the package. */
function nameIn(key: string): [string, string] {
  const plain = key.replace(/\(.*$/s, '').replace(/^\//, '');
  const [, name, version] =
    /^(@[^/]+\/[^/@]+|[^/@]+)@(.+)$/s.exec(plain) ?? /^(@[^/]+\/[^/]+|[^/]+)\/(\d[^_/]*)/s.exec(plain) ?? [];
  if (name === undefined || version === undefined) return [plain, ''];
  return [name, /^\d/.test(version) ? version : ''];
}
