// Words for an import that leads nowhere, as all programs that resolve imports mean it. Pure.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Failure } from './explanation.js';
import { addPackage } from './manager-words.js';

interface Words {
  cause: string;
  remedy: string;
}

const FILE = /^(?:\.{1,2}$|\.{0,2}\/|file:)/;
/** What projects name a directory of sources by. A package has none of these signs, or a scope behind its @. */
const ALIAS = /^(?:@\/|~|#|\$|src\/|app\/|virtual:|astro:|\w+:)/;
/** Where the workspace of a build is. */
const PLACE = /^(?:(?:file:\/\/)?\/workspace\/|\.\/(?=\S+\.\w+$))/;

const WORKSPACE = /^(?:file:\/\/)?\/workspace\//;

/** A file, an alias or a package that is not there. */
export function missingImport(name: string, importer: string | undefined, failure: Failure): Words {
  // Vite bundles its configuration into a file there.
  const from = importer?.replace(/^.*\/node_modules\/\.vite-temp\/(\S+?)\.timestamp-\S+$/, '$1');
  const by = from && /\.\w+$/.test(from) ? `, which ${from.replace(PLACE, '')} imports` : '';
  const bare = name.replace(/^node:/, '').replace(/\?.*$/, '');
  const whole = FILE.test(bare) && withExtension(bare, from, failure);
  if (whole)
    return {
      cause: `there is no ${bare.replace(WORKSPACE, '')}${by}, but a ${whole}`,
      remedy:
        'Write the import with the whole name of the file: this tool adds no extension, and looks for no index.',
    };
  const installed = FILE.test(bare) && from && /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(from)?.[1];
  if (installed)
    return {
      cause: `${installed} is installed in part: there is no ${bare.replace(WORKSPACE, '')}${by}`,
      remedy: `Build once with --no-cache; if that does not help, take another version of ${installed}, or see what its install script says.`,
    };
  if (FILE.test(bare))
    return {
      cause: `there is no ${bare.replace(WORKSPACE, '')}${by}`,
      remedy:
        'Correct the path, or commit the file: it may be in .gitignore, or be made by a step that has not run.',
    };
  if (builtinModules.includes(bare))
    return {
      cause: `${bare} is a part of Node.js that there is not here${by}`,
      remedy: `In code for browsers, do without ${bare} or give the bundler a replacement; else set node_version to a newer one.`,
    };
  if (ALIAS.test(name))
    return {
      cause: `nothing is found under ${name}${by}`,
      remedy:
        'Correct the path, commit the file, or name the alias in the configuration of this tool: tsconfig.json alone is not enough for most.',
    };
  const package_ = packageOf(bare);
  return { cause: `the package ${package_} is not installed${by}`, remedy: addPackage(package_, failure) };
}

/** The tracked file that an import means without an extension, or by its directory. */
function withExtension(path: string, from: string | undefined, { files }: Failure): string | undefined {
  // An ES module names the whole path; what else fails finds a .js by itself.
  const isWhole = WORKSPACE.test(path);
  const place = isWhole
    ? path.replace(WORKSPACE, '')
    : from && posix.join(posix.dirname(from.replace(PLACE, '')), path);
  return files?.find(
    (file) =>
      file.replace(/(?:\/index)?\.\w{1,6}$/, '') === place && (isWhole || !/\.(?:js|json|node)$/.test(file)),
  );
}

/** The package of which an import takes a part. */
export function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
