// Packages that are there in part: their install scripts were refused, so what those make is missing. Pure.
import type { Failure } from '../explanation.js';
import type { Row } from '../row.js';

/** How each package manager is told to run the script of a package. */
const ALLOW: Record<string, (name: string) => string> = {
  npm: (name) =>
    `Run "npm install-scripts approve ${name}" (npm 12), or put {"allowScripts": {"${name}": true}} into package.json, and commit.`,
  pnpm: (name) =>
    `Run "pnpm approve-builds ${name}", or put allowBuilds: {${name}: true} into pnpm-workspace.yaml (before pnpm 11: onlyBuiltDependencies: [${name}]), and commit.`,
  yarn: (name) => `Put "dependenciesMeta": {"${name}": {"built": true}} into package.json, and commit.`,
  bun: (name) => `Run "bun pm trust ${name}" (or add it to trustedDependencies in package.json), and commit.`,
};

/** How the install script of a package is allowed. */
export function allowScript(name: string, { manager = 'npm' }: Pick<Failure, 'manager'>): string {
  return (ALLOW[manager.split(' ')[0] ?? ''] ?? (ALLOW.npm as (name: string) => string))(name);
}

const withoutVersion = (name: string) => name.replace(/(?<=.)@[^@/]*$/, '');

/** So many letters are near. */
const NEAR = 2000;

/** The package that words are about: one that was refused, or else the one that they name. */
function packageIn(found: RegExpExecArray, failure: Failure): string {
  if (/\.prisma\b/.test(found[0])) return '@prisma/client';
  const text = found.input.slice(found.index, found.index + NEAR);
  const named = failure.refused?.map(withoutVersion).find((name) => text.includes(name));
  return named ?? found[1]?.toLowerCase() ?? 'a package';
}

const TELL: Pick<Row, 'cause' | 'fault' | 'remedy'> = {
  cause: (found, failure) =>
    `the install script of ${packageIn(found, failure)} has not run, so what it downloads or compiles is not there`,
  fault: 'project',
  remedy: (found, failure) => allowScript(packageIn(found, failure), failure),
};

export const REFUSED: Row[] = [
  {
    id: 'script-refused',
    says: [
      /^.*Could not locate the bindings file\. Tried:\n.*?\/node_modules\/(?:\.pnpm\/\S+?\/node_modules\/)?((?:@[^/\s]+\/)?[^/\s]+)\/.*$/,
      /^.*Error: (Electron) failed to install correctly.*$/,
      /^.*The (cypress) npm package is installed, but the Cypress binary is missing.*$/i,
      /^.*Cannot find module '\.prisma\/client.*$/,
      /^.*Missing binding \S*?\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/.*$/,
    ],
    ...TELL,
  },
  {
    id: 'refused-package-fails',
    says: /^.*(?:ENOENT|[Cc]annot find|[Cc]ould not|[Nn]ot found|[Mm]issing|[Ff]ailed to (?:load|install|find)|did not initialize|not installed|doesn't exist).*(?:\nRequire stack:\n- .*)?$/,
    // Only what is known to be refused: the words are those of many failures.
    about: ({ refused = [] }) => refused.map(withoutVersion),
    inPassing: true,
    ...TELL,
  },
];
