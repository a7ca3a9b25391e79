// Reads bun.lock: JSON with commas after the last of a list. The older binary lockfile is not read. Pure.
import { type Dependency, digestOf, sourceOf } from '../dependency.js';

/** A string is skipped as a whole; a comma before a bracket goes. */
const STRING_OR_COMMA = /("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/gs;

export function readBun(text: string): Dependency[] {
  const plain = text.replace(STRING_OR_COMMA, (_, string: string | undefined) => string ?? '');
  const { packages = {} } = JSON.parse(plain) as { packages?: Record<string, unknown[]> };
  return Object.values(packages).flatMap(dependencyOf);
}

/** `[name@version, registry, {…}, integrity]`; of what is no registry's `[name@address, {…}, hash]`. */
function dependencyOf(entry: unknown[]): Dependency[] {
  const [, name = '', version = ''] = /^(@?[^@]+)@(.*)$/s.exec(String(entry[0])) ?? [];
  if (name === '' || /^(workspace|link|file|root):/.test(version)) return [];
  const digest = digestOf(typeof entry.at(-1) === 'string' ? String(entry.at(-1)) : undefined);
  const isPlain = /^\d/.test(version);
  const source = isPlain ? undefined : sourceOf(version);
  return [
    {
      ...{ name, version: isPlain ? version : '' },
      ...(source === undefined ? {} : { source }),
      ...(digest === undefined ? {} : { digest }),
    },
  ];
}
