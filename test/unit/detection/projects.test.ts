// The detection on projects as there are: starters, templates, documentation, applications. projects.txt has of each kind what decides its
// answer, and nothing else.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectIn } from '../../../ci/steps/detection/detect.mjs';
import { ProjectFiles } from '../../../ci/steps/detection/project-files.mjs';

interface Project {
  root: string;
  is: string[];
  files: Map<string, string>;
}

const blocks = readFileSync(new URL('projects.txt', import.meta.url), 'utf8')
  .split(/^=== /m)
  .slice(1);
const projects = blocks.map(read);

/** `ROOT | FRAMEWORK | COMMAND | DIST`, then each file: `--- PATH`, and its lines, indented. */
function read(block: string): Project {
  const [head = '', ...parts] = block.trimEnd().split(/\n--- /);
  const [root = '', ...is] = head.split(' | ');
  const files = parts.map((part): [string, string] => {
    const [path = '', ...lines] = part.split('\n');
    return [path, lines.map((line) => line.slice(1)).join('\n')];
  });
  return { root, is, files: new Map(files) };
}

/** Files that are on no disk. */
class Kept extends ProjectFiles {
  readonly #names = new Map<string, Set<string>>([['.', new Set()]]);

  constructor(private readonly kept: Map<string, string>) {
    super('.');
    for (const path of kept.keys()) this.#add(path);
  }

  override isFile(path: string): boolean {
    return this.kept.has(posix.normalize(path));
  }

  override isDirectory(path: string): boolean {
    return this.#names.has(posix.normalize(path));
  }

  override list(path: string): string[] {
    return [...(this.#names.get(posix.normalize(path)) ?? [])].sort();
  }

  override directories(path: string): string[] {
    return this.list(path).filter((name) => this.#names.has(posix.join(path, name)));
  }

  override text(path: string): string | undefined {
    return this.kept.get(posix.normalize(path));
  }

  #add(path: string): void {
    const directory = posix.dirname(path);
    const names = this.#names.get(directory);
    if (names === undefined) this.#add(directory);
    this.#names.set(directory, (names ?? new Set()).add(posix.basename(path)));
  }
}

describe('projects are found to be built as they are:', () => {
  it.each(projects)('$is in $root', ({ root, is, files }) => {
    const { framework, build_command, dist_directory } = detectIn(new Kept(files), root);
    expect([framework, build_command, dist_directory].map(({ value }) => String(value))).toEqual(is);
  });
});

it('and on Windows, by whatever editor', () => {
  const different = projects.filter(({ root, is, files }) => {
    const windows = new Map([...files].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    const { framework, build_command, dist_directory } = detectIn(new Kept(windows), root);
    return [framework, build_command, dist_directory].some(({ value }, at) => String(value) !== is[at]);
  });
  expect(different.map(({ is }) => is)).toEqual([]);
});
