// Reads yarn.lock of yarn 1: blocks of `name@range, name@range:` with indented fields. Pure.
import { type Dependency, digestOf, sourceOf } from '../dependency.js';

export function readYarnClassic(text: string): Dependency[] {
  return text
    .split(/\r?\n(?=\S)/)
    .filter((block) => /^[^#\s].*:$/m.test(block.split(/\r?\n/, 1)[0] ?? ''))
    .flatMap(dependencyIn);
}

function dependencyIn(block: string): Dependency[] {
  const [, first = ''] = /^"?([^",]+)"?/.exec(block) ?? [];
  const field = (name: string) => new RegExp(`^  ${name} "?([^"\\n\\r]*)"?\\r?$`, 'm').exec(block)?.[1];
  const [version, resolved, integrity] = [field('version'), field('resolved'), field('integrity')];
  // A directory of the project has no address.
  if (version === undefined || (resolved === undefined && /@(file|link):/.test(first))) return [];
  const [, asked = '', range = ''] = /^(@?[^@]+)@(.*)$/s.exec(first) ?? [];
  const [, alias] = /^npm:(@?[^@]+)@/.exec(range) ?? [];
  const source = sourceOf(withoutHash(resolved));
  const digest = digestOf(integrity) ?? sha1In(resolved);
  return [
    {
      ...{ name: alias ?? asked, version },
      ...(source === undefined ? {} : { source }),
      ...(digest === undefined ? {} : { digest }),
    },
  ];
}

/** The address of a file ends with its SHA-1; that of a repository with its commit, which stays. */
function withoutHash(resolved: string | undefined): string | undefined {
  return resolved?.replace(/(\.tgz|\.tar\.gz)#[0-9a-f]{40}$/, '$1');
}

/** Older yarns wrote no integrity. */
function sha1In(resolved: string | undefined): Record<string, string> | undefined {
  const [, sha1] = /(?:\.tgz|\.tar\.gz)#([0-9a-f]{40})$/.exec(resolved ?? '') ?? [];
  return sha1 === undefined ? undefined : { sha1 };
}
