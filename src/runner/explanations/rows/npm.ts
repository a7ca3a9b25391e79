// npm's own failures by their codes, beside those of the registry, which npm.ts reads. Pure.
import type { Row } from '../row.js';

const NO_LOCKFILE = /^The `npm ci` command can only install with an existing package-lock\.json.*$/;

const NPM: Omit<Row, 'of'>[] = [
  {
    id: 'peer-conflict',
    says: /^ERESOLVE .*$/,
    cause: 'two dependencies want different versions of a package, so npm finds no tree that fits both',
    fault: 'project',
    remedy:
      'Install versions that fit together; or run "npm config set legacy-peer-deps=true --location=project", then "npm install", and commit .npmrc and package-lock.json.',
    lines:
      /^(?:While resolving: |Found: |(?:Conflicting peer dependency|Could not resolve dependency): ?|peer(?:Optional)? ).*$|^ {2}(?! )\S.* from .*$/,
  },
  {
    id: 'engine',
    says: /^notsup Required: (.*)$/,
    needs: /^code EBADENGINE$/m,
    cause: ({ input }) => {
      const who = /compatible with your version of \S+: (\S+)/.exec(input)?.[1] ?? 'a package';
      const wanted = /Required: (.*)/.exec(input)?.[1] ?? '';
      const got = /"node":"v?([^"]+)"/.exec(/Actual: .*/.exec(input)?.[0] ?? '')?.[1] ?? 'another one';
      return `${who} needs ${wanted
        .replace(/[{}"]/g, '')
        .replace(/:/g, ' ')
        .replace(/\bnode\b/, 'Node')}, and this build has Node ${got}`;
    },
    fault: 'project',
    remedy:
      'Set node_version (--node-version), or engines.node in package.json, to a version that fits; without engine-strict in .npmrc it is only a warning.',
    lines: /^notsup .*$/,
  },
  {
    id: 'platform',
    says: /^notsup Unsupported platform for (\S+?): wanted .*$/,
    cause: '$1 is a package for another system than Linux',
    fault: 'project',
    remedy: 'Move it to the optionalDependencies, run "npm install" and commit; or take it out.',
  },
  {
    id: 'workspace-protocol',
    says: /^Unsupported URL Type "([^"]+)": (.*)$/,
    cause: 'npm does not know the version $2, which is written for pnpm, yarn or bun',
    fault: 'job',
    remedy:
      'Set project_package_manager to the one that the project uses (--package-manager), or write a version that npm knows.',
  },
  {
    id: 'manifest-broken',
    says: /^JSON\.parse (.*)$/,
    needs: /^code EJSONPARSE$/m,
    cause: 'package.json, or package-lock.json, is not valid JSON',
    fault: 'project',
    remedy:
      'Correct it: "node -p \'require(\\"./package.json\\")\'" says where; a comma too many, or marks of a merge, are the usual reasons.',
  },
  {
    id: 'no-manifest',
    says: /^enoent .*\bpackage\.json'?.*$/i,
    cause: 'there is no package.json where npm is called',
    fault: 'job',
    remedy:
      'Set project_root to the directory that has it (--root), or call npm there: npm --prefix DIRECTORY run build',
  },
  {
    id: 'lockfile-broken',
    says: NO_LOCKFILE,
    // koalaci itself calls npm ci only where there is a lockfile.
    about: ({ step }) => (step === 'install' ? ['npm ci'] : []),
    cause: 'package-lock.json cannot be read: it is broken, by a merge mostly',
    fault: 'project',
    remedy:
      'Run "npm install" in the project, which mends it, and commit package-lock.json; remove it before, if that does not help.',
  },
  {
    id: 'no-lockfile',
    says: NO_LOCKFILE,
    about: ({ step }) => (step === 'install' ? [] : ['npm ci']),
    cause: 'npm ci is called where there is no package-lock.json',
    fault: 'project',
    remedy:
      'Run "npm install" and commit package-lock.json; koalaci has installed before the build, so the command need not.',
  },
  {
    id: 'no-workspace',
    says: /^No workspaces found:?(?:\n\s+(--workspace=\S+))?$/,
    cause: 'package.json has no such workspace: $1',
    fault: 'project',
    remedy: 'Correct its name or path in project_build_command, or the list of workspaces in package.json.',
  },
  {
    id: 'git-off',
    says: /^Refusing to fetch "([^"]+)"$/,
    needs: /^code EALLOW\w+$/m,
    cause:
      'this version of npm fetches no dependency from outside the registry, and the project has not allowed $1',
    fault: 'project',
    remedy:
      'Put allow-git=root (for an address: allow-remote=root) into .npmrc and commit it; or take the package from the registry.',
  },
  {
    id: 'too-new',
    says: [/^No versions available for (.*)$/, /^No matching version found for (.*) with a date before .*$/],
    cause: 'the registry has no version of $1 that is old enough for "before" or "min-release-age" of npm',
    fault: 'project',
    remedy: 'Ask for an older version, or lower min-release-age (before) in .npmrc.',
  },
  {
    id: 'npm-permission',
    says: /^(?:Error: )?(?:EACCES|EPERM): .*$/,
    needs: /^code E(?:ACCES|PERM)$/m,
    cause: 'npm may not write where it is to install',
    fault: 'project',
    remedy: 'Do not install globally: have the package in the devDependencies and call it with npx.',
  },
  {
    id: 'npm-config',
    says: /^.*(?:Unknown (?:cli|project|user|env) config|Invalid (?:auth|config)|not a valid npm option|is not a valid npm option).*$/,
    cause: 'npm does not know an option that it is given',
    fault: 'project',
    remedy: 'Take it out of .npmrc or of the command, or write it as this version of npm has it.',
  },
  {
    id: 'dev-engines',
    says: /^EBADDEVENGINES Invalid (?:semver version|name) .* for "(\w+)"$/,
    cause: ({ input }) => {
      const wanted = /required: \{ name: '([^']+)'(?:, version: '([^']+)')?/.exec(input);
      const got = /current: \{ name: '([^']+)', version: 'v?([^']+)'/.exec(input);
      return `devEngines in package.json asks for ${wanted?.[1] ?? 'another tool'} ${wanted?.[2] ?? ''}, and this build has ${got?.[1] ?? 'another one'} ${got?.[2] ?? ''}`.trim();
    },
    fault: 'project',
    remedy:
      'Set node_version (--node-version), or packageManager in package.json, to a version that fits; or correct devEngines and commit.',
    lines: /^EBADDEVENGINES Invalid .*$/,
  },
  {
    id: 'workspace-twice',
    says: /^must not have multiple workspaces with the same name\n.*'([^']+)'.*(?:\n +\/.*)*$/,
    cause: 'two workspaces have the same name: $1',
    fault: 'project',
    remedy: 'Give one of them another name in its package.json, run "npm install" and commit.',
  },
  {
    id: 'override-conflict',
    says: /^Override for (\S+?)(?:@\S*)? conflicts with direct dependency.*$/,
    cause: 'overrides in package.json name another version of $1 than the dependencies do',
    fault: 'project',
    remedy: ([, name = '']) =>
      `Write "${name}": "$${name}" in overrides, which means the version of the dependency, run "npm install" and commit.`,
  },
  {
    id: 'invalid-name',
    says: /^Invalid (?:package name|name|version|tag name).*$/i,
    needs: /^code EINVALID\w+$/m,
    cause: ({ 0: said }) => `package.json has a name or a version that is none: ${said}`,
    fault: 'project',
    remedy: 'Correct it there, run "npm install" and commit.',
  },
  {
    id: 'npx-nothing',
    says: /^could not determine executable to run$/,
    cause: 'npx is to run a package that has no program, or that is not installed and may not be fetched',
    fault: 'project',
    remedy:
      'Name the program of an installed package, or say which package has it: npx --package NAME -- PROGRAM',
  },
];

export const NPM_ROWS: Row[] = NPM.map((row) => ({ ...row, of: 'npm' }));
