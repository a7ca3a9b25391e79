// pnpm's own failures by their codes, beside those of the registry, which pnpm.ts reads: "CODE words". Pure.
import { NO_DIRECTORY } from '../directory-words.js';
import type { Row } from '../row.js';
import { allowScript } from './refused.js';

const PNPM: Omit<Row, 'of'>[] = [
  {
    id: 'pnpm-ignored-builds',
    says: /^ERR_PNPM_IGNORED_BUILDS .*Ignored build scripts: (.+?)(?=\.? help: |\.?$)/,
    cause:
      'this version of pnpm fails where packages have install scripts that the project has neither allowed nor refused: $1',
    fault: 'project',
    // Also where the project has another package manager, and its build command calls pnpm.
    remedy: ([, names = '']) =>
      allowScript(
        names
          .split(/, ?/)
          .map((name) => name.replace(/(?<=.)@[^@/]*$/, ''))
          .join(' '),
        { manager: 'pnpm' },
      ),
  },
  {
    id: 'engine',
    says: /^ERR_PNPM_UNSUPPORTED_ENGINE .*$/,
    cause: ({ input }) => {
      const [, wanted] = /Expected version: (\S.*)/.exec(input) ?? [];
      const [, got] = /Got: v?(\S+)/.exec(input) ?? [];
      return `a package, or the project, needs ${/Node version/.test(input) ? 'Node' : 'pnpm'} ${wanted ?? ''}, and this build has ${got ?? 'another one'}`;
    },
    fault: 'project',
    remedy:
      'Set node_version (--node-version), engines.node or packageManager in package.json to a version that fits.',
    lines: /^(?:ERR_PNPM_UNSUPPORTED_ENGINE|Your \w+ version|Expected version|Got:) ?.*$/,
  },
  {
    id: 'peer-conflict',
    says: /^ERR_PNPM_PEER_DEP_ISSUES .*$/,
    cause: 'dependencies want other versions of a package than are installed',
    fault: 'project',
    remedy:
      'Install versions that fit together; or set strictPeerDependencies: false in pnpm-workspace.yaml (before pnpm 11: strict-peer-dependencies=false in .npmrc).',
    lines: /^.*(?:✕|unmet peer|missing peer).*(?:\n {2,}\S.*){0,4}$/,
  },
  {
    id: 'workspace-missing',
    says: [
      /^ERR_PNPM_WORKSPACE_PKG_NOT_FOUND .*?"([^"]+)".*$/,
      /"(\S+?@workspace:\S*?)" is in the dependencies but no package named "\S+" is present in the workspace/,
      /^.*Cannot resolve package from workspace.*?Failed to resolve (\S+?@workspace:\S+).*$/,
      /^ERR_PNPM_NO_MATCHING_VERSION_INSIDE_WORKSPACE .*?"?(\S+@workspace:\S+?)"?(?: .*)?$/,
    ],
    cause: 'the workspace has no package for $1',
    fault: 'project',
    remedy:
      'Correct its name or version, or list its directory in pnpm-workspace.yaml; project_root must be inside of that workspace.',
  },
  {
    id: 'manifest-broken',
    says: [
      /^ERR_PNPM_(?:JSON_PARSE|BAD_PACKAGE_JSON|INVALID_PACKAGE_JSON) .*$/,
      /^ERROR .*JSON.*package\.json.*$/,
      /^.*(?:read package manager policy|package\.json).*(?:trailing comma|expected|EOF|key must be).* at line (\d+) column (\d+).*$/,
    ],
    cause: 'package.json is not valid JSON',
    fault: 'project',
    remedy: 'Correct it: a comma too many, or marks of a merge, are the usual reasons.',
  },
  {
    id: 'lockfile-broken',
    says: /^ERR_PNPM_BROKEN_LOCKFILE .*$/,
    cause: 'pnpm-lock.yaml cannot be read: it is broken, by a merge mostly',
    fault: 'project',
    remedy: 'Run "pnpm install" and commit pnpm-lock.yaml; remove it before, if that does not help.',
  },
  {
    id: 'no-manifest',
    says: /^ERR_PNPM_NO_(?:IMPORTER_MANIFEST_FOUND|PKG_MANIFEST) .*$/,
    cause: 'there is no package.json where pnpm is called',
    fault: 'job',
    remedy:
      'Set project_root to the directory that has it (--root), or call pnpm there: pnpm --dir DIRECTORY run build',
  },
  {
    id: 'wrong-manager',
    says: [
      /^(?:ERROR|ERR_PNPM_\w+) .*This project is configured to use (?:v?(\S+) of )?(\w+).*$/,
      /^ERR_PNPM_(?:BAD_PM_VERSION|OTHER_PM_EXPECTED)\b.*$/,
    ],
    cause: 'packageManager in package.json asks for another package manager, or another version of pnpm',
    fault: 'job',
    remedy:
      'Set project_package_manager to the one that it names, or auto; or correct packageManager and commit.',
  },
  {
    ...NO_DIRECTORY,
    says: [
      /Could not install from "([^"]+)" as it does not exist/,
      /^ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND .*?"([^"]+)".*$/,
    ],
  },
  {
    id: 'catalog',
    says: /^ERR_PNPM_CATALOG_ENTRY_\w+ .*?(?:'|")?(\S+?)(?:'|")? .*$/,
    cause: 'a dependency is to have the version of a catalog that has no such entry',
    fault: 'project',
    remedy: 'Add it to the catalog in pnpm-workspace.yaml, run "pnpm install" and commit.',
  },
  {
    id: 'patch-failed',
    says: /^ERR_PNPM_(?:PATCH_\w+|UNUSED_PATCH|INVALID_PATCH) .*$/,
    cause: 'a patch of the project does not fit the version of its package',
    fault: 'project',
    remedy:
      'Make it anew with "pnpm patch NAME" and "pnpm patch-commit DIRECTORY", or take it out of patchedDependencies.',
  },
  {
    id: 'too-new',
    says: /^ERR_PNPM_(?:NO_MATURE_MATCHING_VERSION|MINIMUM_RELEASE_AGE\w*|MISSING_TIME) .*$/,
    cause: 'a version is newer than pnpm may install (minimumReleaseAge)',
    fault: 'project',
    remedy:
      'Ask for an older version, or put the package into minimumReleaseAgeExclude in pnpm-workspace.yaml.',
  },
  {
    id: 'pnpm-other',
    says: /^(ERR_PNPM_(?!FETCH|META|TARBALL|REGISTRY|NO_SCRIPT|RECURSIVE|EXECUTOR|OUTDATED|FROZEN|LOCKFILE|GIT|NO_MATCHING|BAD_TARBALL|NO_LOCKFILE|PACKAGE_NOT|DLX|UNSUPPORTED_ENGINE|BROKEN_LOCKFILE|NO_IMPORTER|NO_PKG|IGNORED_BUILDS|WORKSPACE_PKG|OTHER_PM|BAD_P|PEER_DEP|JSON_PARSE|INVALID_PA|CATALOG|PATCH|UNUSED_PATCH|NO_MATURE|MINIMUM|MISSING_TIME)\w+) (.*)$/,
    cause: 'pnpm fails: $2 ($1)',
    fault: 'project',
    remedy: ([, code = '']) => `Correct what it says; https://pnpm.io/errors has more of ${code}.`,
  },
];

export const PNPM_ROWS: Row[] = PNPM.map((row) => ({ ...row, of: 'pnpm' }));
