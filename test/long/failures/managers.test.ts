// Installs of pnpm, yarn and bun that fail, and what the project's directory is told to type.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { ROOT } from '../../support/koalaci.js';
import { NpmRegistry } from '../../support/npm-registry.js';
import { page, type Scene, stage } from '../../support/stage.js';

let registry: NpmRegistry;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  registry.publish({ name: 'leaf', version: '1.0.0' }, { 'index.js': '' });
  registry.publish(
    { name: 'maker', version: '1.0.0', main: 'index.js', scripts: { postinstall: 'node make.js' } },
    { 'make.js': "require('fs').writeFileSync('made.js', '');\n", 'index.js': "require('./made');\n" },
  );
});
afterAll(() => registry.stop());

const manifest = (more: object) =>
  `${JSON.stringify({ name: 'site', version: '1.0.0', private: true, ...more }, null, 2)}\n`;
const own = () => ({ '.npmrc': `registry=${registry.url}\n` });

/** A fixture whose package.json asks for a package that its lockfile lacks. */
function outOfStep(fixture: string, lockfile: string): Record<string, string> {
  const read = (file: string) => readFileSync(join(ROOT, 'test/fixtures', fixture, file), 'utf8');
  return { 'package.json': read('package.json'), [lockfile]: read(lockfile) };
}

const install = (scene: Omit<Scene, 'reason'> & { reason?: string }): Scene => ({
  reason: 'install_failed',
  ...scene,
});

stage({
  'a lockfile of npm that is out of step': install({
    files: outOfStep('lockfile-out-of-step', 'package-lock.json'),
    manager: 'npm',
    message: /^package-lock\.json is out of step with package\.json$/,
    remedy: /^Run "npm install"/,
    fault: 'project',
    extract: [/^Missing: escape-html@1\.0\.3 from lock file$/],
    done: { typed: ['npm install'] },
  }),
  'a lockfile of yarn 1 that is out of step': install({
    files: outOfStep('lockfile-out-of-step-yarn', 'yarn.lock'),
    manager: 'yarn',
    message: /^yarn\.lock is out of step with package\.json$/,
    remedy: /^Run "yarn install"/,
    fault: 'project',
    extract: [/^error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`\.$/],
    done: { typed: ['yarn install'] },
  }),
  'a lockfile of yarn 4 that is out of step (YN0028)': install({
    files: outOfStep('lockfile-out-of-step-yarn-berry', 'yarn.lock'),
    manager: 'yarn',
    message: /^yarn\.lock is out of step with package\.json$/,
    remedy: /^Run "yarn install"/,
    fault: 'project',
    extract: [/^➤ YN0028: │ The lockfile would have been modified by this install/, /./],
    done: { typed: ['yarn install'] },
  }),
  'a lockfile of pnpm that is out of step': install({
    files: outOfStep('lockfile-out-of-step-pnpm', 'pnpm-lock.yaml'),
    manager: 'pnpm',
    message: /^pnpm-lock\.yaml is out of step with package\.json$/,
    remedy: /^Run "pnpm install"/,
    fault: 'project',
    extract: [/^\* 1 dependencies were added: escape-html@1\.0\.3$/],
    done: { typed: ['pnpm install'] },
  }),
  'a lockfile of bun that is out of step': install({
    files: outOfStep('lockfile-out-of-step-bun', 'bun.lock'),
    manager: 'bun',
    message: /^bun\.lock is out of step with package\.json$/,
    remedy: /^Run "bun install"/,
    fault: 'project',
    extract: [/^note: dependencies in package\.json changed .*: escape-html was added$/],
    done: { typed: ['bun install'] },
  }),
  'an install script that pnpm does not run': () =>
    install({
      files: { ...own(), 'package.json': manifest({ dependencies: { maker: '1.0.0' } }) },
      manager: 'pnpm',
      reason: 'build_failed',
      command: `node -e "require('maker')" && ${page}`,
      message: /^the install script of maker has not run/,
      remedy: /^Run "pnpm approve-builds maker"/,
      fault: 'project',
      extract: [
        /^Error: Cannot find module '\.\/made'$/,
        /^Require stack:$/,
        /^- \/workspace\/node_modules\/\.pnpm\/maker@1\.0\.0\/node_modules\/maker\/index\.js$/,
      ],
      done: { before: 'pnpm install', typed: ['pnpm approve-builds maker'] },
    }),
  'an install in the build command, with a pnpm that fails for such a script (ERR_PNPM_IGNORED_BUILDS)': () =>
    install({
      files: {
        ...own(),
        'package.json': manifest({ dependencies: { maker: '1.0.0' } }),
        'pnpm-workspace.yaml': 'strictDepBuilds: true\n',
      },
      manager: 'none',
      reason: 'build_failed',
      command: `pnpm install --no-frozen-lockfile && node -e "require('maker')" && ${page}`,
      message: /^this version of pnpm fails where packages have install scripts .*: maker@1\.0\.0$/,
      remedy: /^Run "pnpm approve-builds maker"/,
      fault: 'project',
      extract: [/maker@1\.0\.0/],
      done: { before: 'pnpm install', typed: ['pnpm approve-builds maker'] },
    }),
  'an install script that bun does not run': () =>
    install({
      files: { ...own(), 'package.json': manifest({ dependencies: { maker: '1.0.0' } }) },
      manager: 'bun',
      reason: 'build_failed',
      command: `node -e "require('maker')" && ${page}`,
      message: /^the install script of maker has not run/,
      remedy: /^Run "bun pm trust maker"/,
      fault: 'project',
      extract: [
        /^Error: Cannot find module '\.\/made'$/,
        /^Require stack:$/,
        /^- \/workspace\/node_modules\/maker\/index\.js$/,
      ],
      done: { before: 'bun install', typed: ['bun pm trust maker'] },
    }),
  'a package that there is not, for yarn 4 (YN0035)': () =>
    install({
      files: {
        '.yarnrc.yml': `npmRegistryServer: "${registry.url}"\nunsafeHttpWhitelist: ["*"]\nnodeLinker: node-modules\n`,
        'package.json': manifest({ dependencies: { leef: '1.0.0' }, packageManager: 'yarn@4.9.2' }),
      },
      manager: 'yarn',
      message: /does not have leef/,
      remedy: /^Check its name/,
      fault: 'project',
      extract: [/./],
      done: {
        files: {
          'package.json': manifest({ dependencies: { leaf: '1.0.0' }, packageManager: 'yarn@4.9.2' }),
        },
      },
    }),
  'a version for a workspace that npm does not know': install({
    files: {
      'package.json': manifest({ workspaces: ['lib', 'app'] }),
      'lib/package.json': JSON.stringify({ name: '@acme/lib', version: '1.0.0' }),
      'app/package.json': JSON.stringify({
        name: '@acme/app',
        version: '1.0.0',
        dependencies: { '@acme/lib': 'workspace:*' },
      }),
      'pnpm-workspace.yaml': 'packages: [lib, app]\n',
    },
    manager: 'npm',
    message: /^npm does not know the version workspace:\*/,
    remedy: /^Set project_package_manager/,
    fault: 'job',
    extract: [/^Unsupported URL Type "workspace:": workspace:\*$/],
    done: { manager: 'pnpm' },
  }),
  'a package that the workspace does not have': install({
    files: {
      'package.json': manifest({ dependencies: { '@acme/lib': 'workspace:*' } }),
      'lib/package.json': JSON.stringify({ name: '@acme/lib', version: '1.0.0' }),
      'pnpm-workspace.yaml': 'packages: [app]\n',
    },
    manager: 'pnpm',
    message: /^the workspace has no package for @acme\/lib@workspace:\*$/,
    remedy: /list its directory in pnpm-workspace\.yaml/,
    fault: 'project',
    extract: [/@acme\/lib/],
    done: { files: { 'pnpm-workspace.yaml': 'packages: [lib]\n' } },
  }),
});
