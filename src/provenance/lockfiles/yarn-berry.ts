// Reads yarn.lock of yarn 2 and newer, which is YAML. Pure.
import { type Dependency, sourceOf } from '../dependency.js';
import { isMap, readYaml, textOf } from './yaml.js';

export function readYarnBerry(text: string): Dependency[] {
  return Object.values(readYaml(text)).flatMap((entry) => {
    if (!isMap(entry)) return [];
    const resolution = textOf(entry.resolution);
    const version = textOf(entry.version) ?? '';
    if (resolution === undefined) return [];
    return dependencyOf(resolution, version);
  });
}

/**
 * `name@protocol:…`. A workspace, a link and a portal are of the project itself; a patch is of the package that it changes, which
 * has an entry of its own. The checksum is of the archive that yarn makes of a package, not of what a registry has.
 */
function dependencyOf(resolution: string, version: string): Dependency[] {
  const [, name = '', reference = ''] = /^(@?[^@]+)@(.*)$/s.exec(resolution) ?? [];
  if (/^(workspace|link|portal|patch):/.test(reference) || name === '') return [];
  if (reference.startsWith('npm:')) return [{ name, version }];
  if (reference.startsWith('file:') && !/\.(tgz|tar\.gz)(::|$|#)/.test(reference)) return [];
  // yarn adds what it needs to find a file again.
  const source = sourceOf(reference.replace(/(#[./].*)?::.*$/, ''));
  return [{ name, version, ...(source === undefined ? {} : { source }) }];
}
