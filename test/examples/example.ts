// What an example is: a project as its framework's starter makes it, and a change to it.

export interface Example {
  readonly name: string;
  /** As in a job. */
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun' | 'none';
  readonly command: string;
  readonly dist: string;
  /** A command that makes the project in the directory `app`. Without it, `files` are the whole project. */
  readonly create?: string;
  /** Files that are written over what the starter made. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands in the project, before its lockfile is made. */
  readonly adapt?: string;
  /** The command that makes the lockfile; by default the one of the package manager. `none`: the project has no lockfile. */
  readonly lock?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the second commit adds to the end of a file, so that it is seen in what is built. */
  readonly edit: { readonly path: string; readonly add: string };
  /** Whether it is fetched over HTTP, because it has a submodule, which a local source cannot have. */
  readonly served?: boolean;
}

/** A package.json; a dependency without a version is the newest one. */
export function manifest(
  scripts: Record<string, string>,
  dependencies: readonly string[],
  more: Record<string, unknown> = {},
): string {
  const versions = dependencies.map((name) => {
    const at = name.lastIndexOf('@');
    return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, 'latest'];
  });
  const fields = { name: 'example', version: '1.0.0', private: true, type: 'module', scripts };
  return `${JSON.stringify({ ...fields, dependencies: Object.fromEntries(versions), ...more }, null, 2)}\n`;
}

/** The changes. */
export const SCRIPT = '\nconsole.log("a line more");\n';
export const PARAGRAPH = '\nA paragraph more.\n';
