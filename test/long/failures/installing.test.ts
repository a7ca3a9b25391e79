// Installs of npm that fail, most of them with packages of a registry that is the test's own.
import { afterAll, beforeAll } from 'vitest';
import { NpmRegistry } from '../../support/npm-registry.js';
import { type Scene, stage } from '../../support/stage.js';

let registry: NpmRegistry;

beforeAll(async () => {
  registry = await NpmRegistry.start();
  registry.publish({ name: 'leaf', version: '1.0.0' }, { 'index.js': '' });
  registry.publish({ name: 'leaf', version: '2.0.0' }, { 'index.js': '' });
  registry.publish({ name: 'wants-old-leaf', version: '1.0.0', peerDependencies: { leaf: '^1.0.0' } });
  registry.publish({ name: 'for-node-24', version: '1.0.0', engines: { node: '>=24' } });
  registry.publish(
    { name: 'fails', version: '1.0.0', scripts: { postinstall: 'node make.js' } },
    { 'make.js': "console.error('Error: no palette for this display');\nprocess.exit(1);\n" },
  );
  registry.publish({ name: 'fails', version: '1.0.1', scripts: {} });
  registry.publish(
    { name: 'maker', version: '1.0.0', main: 'index.js', scripts: { postinstall: 'node make.js' } },
    { 'make.js': "require('fs').writeFileSync('made.js', '');\n", 'index.js': "require('./made');\n" },
  );
  const paints = {
    'binding.gyp': JSON.stringify({ targets: [{ target_name: 'paint', sources: ['paint.cc'] }] }),
    'paint.cc': '#include <cairo/cairo.h>\n',
  };
  registry.publish(
    { name: 'painter', version: '1.0.0', gypfile: true, scripts: { install: 'node-gyp rebuild' } },
    paints,
  );
  registry.publish({ name: 'painter', version: '2.0.0' });
  registry.publish({ name: 'only-mac', version: '1.0.0', os: ['darwin'] });
});
afterAll(() => registry.stop());

const manifest = (dependencies: Record<string, string>, more: object = {}) =>
  `${JSON.stringify({ name: 'site', version: '1.0.0', private: true, dependencies, ...more }, null, 2)}\n`;
const own = (more = '') => `registry=${registry.url}\n${more}`;

/** A project of npm's that has these dependencies. */
const npm = (
  dependencies: Record<string, string>,
  scene: Omit<Scene, 'reason'> & { reason?: string },
): Scene => ({
  manager: 'npm',
  reason: 'install_failed',
  ...scene,
  files: { 'package.json': manifest(dependencies), '.npmrc': own(), ...scene.files },
});

stage({
  'two dependencies that want different versions of a third (ERESOLVE)': () =>
    npm(
      { leaf: '2.0.0', 'wants-old-leaf': '1.0.0' },
      {
        message: /^two dependencies want different versions of a package/,
        remedy: /legacy-peer-deps/,
        fault: 'project',
        extract: [
          /^While resolving: site@1\.0\.0$/,
          /^Found: leaf@2\.0\.0$/,
          /^ {2}leaf@"2\.0\.0" from the root project$/,
          /^Could not resolve dependency:$/,
          /^peer leaf@"\^1\.0\.0" from wants-old-leaf@1\.0\.0$/,
          /^ {2}wants-old-leaf@"1\.0\.0" from the root project$/,
        ],
        done: { typed: ['npm config set legacy-peer-deps=true --location=project', 'npm install'] },
      },
    ),
  'a package for a newer Node (EBADENGINE)': () =>
    npm(
      { 'for-node-24': '1.0.0' },
      {
        files: { '.npmrc': own('engine-strict=true\n') },
        message: /^for-node-24@1\.0\.0 needs Node >=24, and this build has Node 22/,
        remedy: /^Set node_version/,
        fault: 'project',
        extract: [/^notsup Required: \{"node":">=24"\}$/, /^notsup /],
        done: { job: { node_version: '24' } },
      },
    ),
  'a registry that wants a token (E401)': () => {
    registry.token = 'the-token';
    return npm(
      { leaf: '1.0.0' },
      {
        message: new RegExp(`^the registry ${registry.host} refuses access to leaf.* \\(401\\)$`),
        remedy:
          /^Set NPM_TOKEN in env, and commit a \.npmrc with the line \/\/.*\/:_authToken=\$\{NPM_TOKEN\}/,
        fault: 'job',
        extract: [/401 Unauthorized - GET/],
        done: {
          files: { '.npmrc': own(`//${registry.host}/:_authToken=\${NPM_TOKEN}\n`) },
          job: { env: { NPM_TOKEN: 'the-token' } },
        },
      },
    );
  },
  'a registry that forbids (E403)': () => {
    registry.token = 'the-token';
    return npm(
      { leaf: '1.0.0' },
      {
        files: { '.npmrc': own(`//${registry.host}/:_authToken=\${NPM_TOKEN}\n`) },
        job: { env: { NPM_TOKEN: registry.foreign } },
        message: new RegExp(`^the registry ${registry.host} refuses access to leaf.* \\(403\\)$`),
        remedy: /allowed to read the package/,
        fault: 'job',
        extract: [/403 Forbidden - GET/],
        done: { job: { env: { NPM_TOKEN: 'the-token' } } },
      },
    );
  },
  'a package that there is not (E404)': () => {
    registry.token = undefined;
    return npm(
      { leef: '1.0.0' },
      {
        message: new RegExp(`^the registry ${registry.host} does not have leef`),
        remedy: /^Check its name/,
        fault: 'project',
        extract: [/^404 Not Found - GET/],
        done: { files: { 'package.json': manifest({ leaf: '1.0.0' }) } },
      },
    );
  },
  'a version that there is not (ETARGET)': () =>
    npm(
      { leaf: '^7.0.0' },
      {
        message: /does not have .*leaf@\^7\.0\.0/,
        remedy: /^Check its name and version/,
        fault: 'project',
        extract: [/No matching version found for leaf@\^7\.0\.0/],
        done: { files: { 'package.json': manifest({ leaf: '^2.0.0' }) } },
      },
    ),
  'a tarball that is not the one of the lockfile (EINTEGRITY)': () => {
    const lock = (integrity: string) =>
      JSON.stringify({
        ...{ name: 'site', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: {
          '': { name: 'site', version: '1.0.0', dependencies: { tampered: '1.0.0' } },
          'node_modules/tampered': {
            version: '1.0.0',
            resolved: registry.tarball({ name: 'tampered', version: '1.0.0' }),
            integrity,
          },
        },
      });
    const { integrity } = registry.publish({ name: 'tampered', version: '1.0.0' });
    const other = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
    return npm(
      { tampered: '1.0.0' },
      {
        files: { 'package-lock.json': lock(other), '.npmrc': own('fetch-retries=0\n') },
        message: /^tampered@1\.0\.0 is not what the lockfile says \(expected sha512-.*, found sha512-.*\)$/,
        remedy: /find out which, before you update its hash in the lockfile/,
        fault: 'service',
        extract: [/^sha512-\S+ integrity checksum failed when using sha512/],
        done: { files: { 'package-lock.json': lock(integrity) } },
      },
    );
  },
  'an install script that fails': () =>
    npm(
      { fails: '1.0.0' },
      {
        message: /^the install script of fails failed: Error: no palette for this display$/,
        remedy: /another version of it/,
        fault: 'project',
        extract: [/^Error: no palette for this display$/],
        done: { files: { 'package.json': manifest({ fails: '1.0.1' }) } },
      },
    ),
  "the project's own install script that fails": () =>
    npm(
      {},
      {
        files: {
          'package.json': manifest({}, { scripts: { postinstall: 'node prepare.js' } }),
          'prepare.js': "throw new Error('no content for the menu');\n",
        },
        message: /^the project's own postinstall script failed: Error: no content for the menu$/,
        remedy: /^Correct what it says/,
        fault: 'project',
        extract: [/^Error: no content for the menu$/],
        done: { files: { 'prepare.js': '\n' } },
      },
    ),
  'native code whose header the builder image does not have': () =>
    npm(
      { painter: '^1.0.0' },
      {
        message:
          /^the native code of painter cannot be compiled: the builder image does not have cairo\/cairo\.h$/,
        remedy: /^Take a version of the package that brings compiled code/,
        fault: 'operator',
        extract: [
          /fatal error: cairo\/cairo\.h: No such file or directory$/,
          /gyp ERR! stack Error: `make` failed with exit code: 2$/,
        ],
        done: { files: { 'package.json': manifest({ painter: '^2.0.0' }) } },
      },
    ),
  'an install script that npm 12 does not run': () =>
    npm(
      { maker: '1.0.0' },
      {
        files: { 'package.json': manifest({ maker: '1.0.0' }, { packageManager: 'npm@12.0.0' }) },
        reason: 'build_failed',
        command: 'node -e "require(\'maker\')"',
        message: /^the install script of maker has not run/,
        remedy: /npm install-scripts approve maker/,
        fault: 'project',
        extract: [
          /^Error: Cannot find module '\.\/made'$/,
          /^Require stack:$/,
          /^- \/workspace\/node_modules\/maker\/index\.js$/,
        ],
        done: { before: 'npm install', typed: ['npm install-scripts approve maker'] },
      },
    ),
  'a package for another system (EBADPLATFORM)': () =>
    npm(
      { 'only-mac': '1.0.0' },
      {
        message: /^only-mac@1\.0\.0 is a package for another system than Linux$/,
        remedy: /^Move it to the optionalDependencies/,
        fault: 'project',
        extract: [/^notsup Unsupported platform for only-mac/],
        done: {
          files: { 'package.json': manifest({}, { optionalDependencies: { 'only-mac': '1.0.0' } }) },
          typed: ['npm install'],
        },
      },
    ),
  'marks of a merge in package.json (EJSONPARSE)': () =>
    npm(
      {},
      {
        files: { 'package.json': '{\n<<<<<<< HEAD\n  "name": "site"\n}\n' },
        message: /^package\.json cannot be used: .* line 2/,
        remedy: /^Correct package\.json/,
        fault: 'project',
        extract: [],
        done: { files: { 'package.json': manifest({}) } },
      },
    ),
  'no package.json where npm is called': {
    files: {
      'app/package.json': manifest(
        {},
        { scripts: { build: 'mkdir -p public && echo hi > public/index.html' } },
      ),
    },
    command: 'npm run build',
    message: /^there is no package\.json where npm is called$/,
    remedy: /^Set project_root/,
    fault: 'job',
    extract: [/Could not read package\.json/],
    done: { job: { project_root: 'app' }, command: 'npm run build' },
  },
});
