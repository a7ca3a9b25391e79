// Own failures of yarn and of bun, beside those of the registry, which their readers tell. Pure.
import { NO_DIRECTORY } from '../directory-words.js';
import type { Row } from '../row.js';

const YARN: Omit<Row, 'of'>[] = [
  {
    id: 'platform',
    says: /^error (\S+?): The platform "\w+" is incompatible with this module\.$/,
    cause: '$1 is a package for another system than Linux',
    fault: 'project',
    remedy: 'Move it to the optionalDependencies, run "yarn install" and commit; or take it out.',
  },
  {
    id: 'manifest-broken',
    says: [
      /^error (?:An unexpected error occurred: ")?(?:\S*package\.json: )?SyntaxError: .*$/,
      /^error .*(?:package\.json: .*JSON|Failed to parse.*package\.json).*$/,
      /^(?:Syntax|Internal|Usage) Error: .*\(when parsing \S*package\.json\)$/,
    ],
    cause: 'package.json is not valid JSON',
    fault: 'project',
    remedy: 'Correct it: a comma too many, or marks of a merge, are the usual reasons.',
  },
  {
    id: 'lockfile-broken',
    says: [
      /^error .*(?:Invalid value type|Unknown token|Unexpected token|Expected newline).*yarn\.lock.*$/,
      /^(?:➤ )?YN0047:? .*$/,
      /^(?:Syntax|Internal|Usage) Error: .*(?:yarn\.lock|lockfile).*(?:parse|Parse|line \d+).*$/,
      /^Usage Error: The lockfile .*(?:conflict|corrupt|invalid).*$/,
    ],
    cause: 'yarn.lock cannot be read: it is broken, by a merge mostly',
    fault: 'project',
    remedy: 'Run "yarn install" in the project, which mends it, and commit yarn.lock.',
  },
  {
    id: 'no-manifest',
    says: [
      /^error Couldn't find a package\.json file in "([^"]+)"$/,
      /^Usage Error: No project found in (\S+)$/,
    ],
    cause: 'there is no package.json where yarn is called',
    fault: 'job',
    remedy:
      'Set project_root to the directory that has it (--root), or call yarn there: yarn --cwd DIRECTORY run build',
  },
  {
    id: 'wrong-manager',
    says: [
      /^error This project's package\.json defines "packageManager": "(?:yarn@)?([^"]+)".*$/,
      /^Usage Error: This project is configured to use (.*)$/,
    ],
    followed: /^(?:Presence of|Corepack must)/,
    cause: 'packageManager in package.json asks for another package manager than the one that is called: $1',
    fault: 'job',
    remedy:
      'Set project_package_manager to the one that it names, or auto; or correct packageManager and commit.',
  },
  {
    ...NO_DIRECTORY,
    says: /^error Package "[^"]*" refers to a non-existing file '"([^"]+)"'\.$/,
  },
  {
    id: 'not-installed',
    says: /^(?:Internal|Usage) Error: (\S+): This package doesn't seem to be present in your lockfile; .*$/,
    cause: 'yarn.lock does not have the project itself: it was never installed with this version of yarn',
    fault: 'project',
    remedy:
      'Run "yarn install" in the project and commit yarn.lock; with project_package_manager none, koalaci does not install.',
  },
  {
    id: 'no-workspace',
    says: [
      /^Usage Error: (?:Workspace '([^']+)' not found|No project found).*$/,
      /^error Unknown workspace "([^"]+)"\.?$/,
      /^error (Workspaces can only be enabled in private projects)\.$/,
    ],
    followed: /^\$ yarn /,
    cause: 'the project has no such workspace: $1',
    fault: 'project',
    remedy:
      'Correct its name in project_build_command, or the workspaces in package.json, which must be private: true.',
  },
  {
    id: 'workspace-missing',
    says: /^YN0001: .*?(\S+@workspace:\S+): Workspace not found.*$/,
    cause: 'the workspaces of the project have no package for $1',
    fault: 'project',
    remedy: 'Correct its name or version, or list its directory under workspaces in package.json.',
  },
  {
    id: 'cache-changed',
    says: /^YN0056: .*$|^YN0018: .*The remote archive doesn't match the expected checksum.*$/,
    unless: /YN0018/,
    cause: 'the cache of yarn that the project has committed is out of step with yarn.lock',
    fault: 'project',
    remedy: 'Run "yarn install" in the project and commit .yarn/cache with yarn.lock.',
  },
  {
    id: 'yarn-other',
    says: /^(YN(?!0000|0001|0002|0007|0009|0013|0016|0018|0019|0028|0035|0041|0047|0056|0060|0080|0082|0085|0086)\d{4}): (.+)$/,
    cause: 'yarn fails: $2 ($1)',
    fault: 'project',
    remedy: ([, code = '']) =>
      `Correct what it says; https://yarnpkg.com/advanced/error-codes has more of ${code}.`,
  },
];

const BUN: Omit<Row, 'of'>[] = [
  {
    ...NO_DIRECTORY,
    says: /^error: package\.json not found for "(?:file|link):([^"]+)" dependency .*$/,
    followed: /^error: \S+ failed to resolve$/,
  },
  {
    id: 'workspace-missing',
    says: /^error: (?:Workspace dependency "([^"]+)" not found|(\S+@workspace:\S+) failed to resolve)$/,
    cause: ([, one, other]) => `the workspaces of the project have no package for ${one ?? other}`,
    fault: 'project',
    remedy: 'Correct its name or version, or list its directory under workspaces in package.json.',
    lines: /^error: .*$/,
  },
  {
    id: 'manifest-broken',
    says: /^(?:.*error: |ParserError: )(?:(?:Expected|Unexpected|Unterminated) .*|.*parsing .*package\.json.*)$/,
    needs: /package\.json/,
    cause: 'package.json is not valid JSON',
    fault: 'project',
    remedy: 'Correct it: a comma too many, or marks of a merge, are the usual reasons.',
  },
  {
    id: 'lockfile-broken',
    says: /^.*(?:error: )?(?:(?:Failed to (?:load|parse)|InvalidLockfile|.*parsing).*lockfile.*)$/i,
    followed: /^(?:warn: |error: lockfile had changes)/,
    cause: 'bun.lock cannot be read: it is broken, by a merge mostly',
    fault: 'project',
    remedy: 'Remove bun.lock, run "bun install" and commit it.',
  },
];

export const YARN_ROWS: Row[] = YARN.map((row) => ({ ...row, of: 'yarn' }));
export const BUN_ROWS: Row[] = BUN.map((row) => ({ ...row, of: 'bun' }));
