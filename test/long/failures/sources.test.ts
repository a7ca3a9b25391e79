// What compilers, bundlers, linters and other tools find in a project.
import { page, stage } from '../../support/stage.js';

const manifest = (
  devDependencies: Record<string, string>,
  scripts: Record<string, string> = {},
  more: object = {},
) => `${JSON.stringify({ name: 'site', private: true, scripts, devDependencies, ...more }, null, 2)}\n`;

/** A project of npm's with these tools. */
const uses = (devDependencies: Record<string, string>, build: string) => ({
  manager: 'npm',
  command: `npm run build && ${page}`,
  files: { 'package.json': manifest(devDependencies, { build }) },
});

const typescript = uses({ typescript: '5.9.3' }, 'tsc');
const esbuild = uses({ esbuild: '0.28.2' }, 'esbuild src/main.js --bundle --outdir=public');
const prettier = uses({ prettier: '3.6.2' }, 'prettier --check src');

stage({
  'an error in the types': {
    ...typescript,
    files: {
      ...typescript.files,
      'tsconfig.json': '{ "include": ["src"], "compilerOptions": { "outDir": "public" } }\n',
      'src/main.ts': "const pages: number = 'three';\n",
    },
    message: /^TypeScript finds errors in the types$/,
    remedy: /"npx tsc --noEmit"/,
    fault: 'project',
    extract: [/^src\/main\.ts\(1,7\): error TS2322: Type 'string' is not assignable to type 'number'\.$/],
    done: { files: { 'src/main.ts': 'const pages: number = 3;\n' } },
  },
  'an option of tsconfig.json that TypeScript does not know': {
    ...typescript,
    files: {
      ...typescript.files,
      'tsconfig.json': '{ "include": ["src"], "compilerOptions": { "outDir": "public", "strickt": true } }\n',
      'src/main.ts': 'export {};\n',
    },
    message: /^the configuration of TypeScript is refused: Unknown compiler option 'strickt'/,
    remedy: /^Correct tsconfig\.json/,
    fault: 'project',
    extract: [/^tsconfig\.json\(1,\d+\): error TS5025: Unknown compiler option 'strickt'/],
    done: {
      files: {
        'tsconfig.json':
          '{ "include": ["src"], "compilerOptions": { "outDir": "public", "strict": true } }\n',
      },
    },
  },
  'an import that a bundler cannot resolve': {
    ...esbuild,
    files: {
      ...esbuild.files,
      'src/main.js': "import leftPad from 'left-pad';\nconsole.log(leftPad('1', 2));\n",
    },
    message: /^the package left-pad is not installed, which src\/main\.js imports$/,
    remedy: /^Run "npm install left-pad"/,
    fault: 'project',
    extract: [
      /^✘ \[ERROR\] Could not resolve "left-pad"$/,
      /^ {4}src\/main\.js:1:20:$/,
      /import leftPad from 'left-pad';$/,
    ],
    done: { typed: ['npm install left-pad'] },
  },
  'an import of what a module does not export': {
    ...esbuild,
    files: {
      ...esbuild.files,
      'src/main.js': "import { menu } from './menu.js';\nmenu();\n",
      'src/menu.js': 'export const Menu = () => {};\n',
    },
    message: /^an import asks for what a module does not export: src\/menu\.js, menu$/,
    remedy: /^Correct the name of the import/,
    fault: 'project',
    extract: [/^✘ \[ERROR\] No matching export in "src\/menu\.js" for import "menu"$/],
    done: { files: { 'src/menu.js': 'export const menu = () => {};\n' } },
  },
  'a source with a syntax error': {
    ...esbuild,
    files: { ...esbuild.files, 'src/main.js': 'const a = ;\n' },
    message: /^a file of the project has a syntax that its tool does not read: Unexpected ";"$/,
    remedy: /^Correct the line/,
    fault: 'project',
    extract: [/^✘ \[ERROR\] Unexpected ";"$/, /^ {4}src\/main\.js:1:10:$/, /const a = ;$/],
    done: { files: { 'src/main.js': 'const a = 1;\n' } },
  },
  'a bundler that is to begin with a file that is not there': {
    ...esbuild,
    files: { ...esbuild.files, 'source/main.js': '' },
    message: /begin with src\/main\.js, which is not there/,
    remedy: /entry/,
    fault: 'project',
    extract: [/^✘ \[ERROR\] Could not resolve "src\/main\.js"$/],
    done: { files: { 'src/main.js': '' } },
  },
  'a lockfile of another system': {
    ...esbuild,
    files: {
      ...esbuild.files,
      'src/main.js': '',
      'package-lock.json': JSON.stringify({
        ...{ name: 'site', lockfileVersion: 3, requires: true },
        packages: {
          '': { name: 'site', devDependencies: { esbuild: '0.28.2' } },
          'node_modules/esbuild': {
            version: '0.28.2',
            dev: true,
            bin: { esbuild: 'bin/esbuild' },
            optionalDependencies: {},
          },
        },
      }),
    },
    message: /^the lockfile lacks packages of this platform: @esbuild\/linux-/,
    remedy: /remove it and node_modules, install again, and commit it/,
    fault: 'project',
    extract: [/^Error: The package "@esbuild\/linux-\w+" could not be found, and is needed by esbuild\.$/],
    done: { files: { 'package-lock.json': undefined } },
  },
  'files that are not formatted': {
    ...prettier,
    files: { ...prettier.files, 'src/main.js': 'const a   =   1\n' },
    message: /^files are not written as the formatter wants them$/,
    remedy: /"npx prettier --write \."/,
    fault: 'project',
    extract: [
      /^\[warn\] src\/main\.js$/,
      /^\[warn\] Code style issues found in the above file\. Run Prettier with --write to fix\.$/,
    ],
    done: { typed: ['npx prettier --write .'] },
  },
  'warnings that are too many for ESLint': {
    ...uses({ eslint: '9.36.0' }, 'eslint --max-warnings=0 src'),
    files: {
      'package.json': manifest({ eslint: '9.36.0' }, { build: 'eslint --max-warnings=0 src' }),
      'eslint.config.mjs': "export default [{ rules: { 'no-unused-vars': 'warn' } }];\n",
      'src/main.js': 'const colour = 1;\n',
    },
    message: /^ESLint finds more warnings than --max-warnings allows \(0\)$/,
    remedy: /^Correct them, or raise --max-warnings/,
    fault: 'project',
    extract: [
      /src\/main\.js$/,
      /^ +1:7 +warning +'colour' is assigned a value but never used/,
      /^ESLint found too many warnings \(maximum: 0\)/,
    ],
    done: {
      files: { 'package.json': manifest({ eslint: '9.36.0' }, { build: 'eslint --max-warnings=1 src' }) },
    },
  },
  'a linter that finds no configuration': {
    ...uses({ eslint: '9.36.0' }, 'eslint src'),
    files: {
      'package.json': manifest({ eslint: '9.36.0' }, { build: 'eslint src' }),
      'src/main.js': 'export const colour = 1;\n',
    },
    message: /^the linter finds no configuration$/,
    remedy: /eslint\.config\.js/,
    fault: 'project',
    extract: [/^ESLint couldn't find an eslint\.config\.\(js\|mjs\|cjs\) file\.$/],
    done: { files: { 'eslint.config.js': 'module.exports = [];\n' } },
  },
  'a corepack that finds no signature that it knows': {
    files: {
      'package.json': manifest({ corepack: '0.29.4' }, {}, { packageManager: 'pnpm@10.12.1' }),
      '.npmrc': 'registry=https://registry.npmjs.org/\n',
    },
    manager: 'pnpm',
    command: `npx corepack pnpm --version && ${page}`,
    message: /^this version of corepack does not accept the signatures of the npm registry$/,
    remedy:
      /^Take corepack out of the build command and the dependencies: koalaci provides what packageManager asks for/,
    fault: 'project',
    extract: [
      /Error: (?:Cannot find matching keyid|No compatible signature|Cannot read properties of undefined \(reading 'some'\))/,
    ],
    done: {
      files: { 'package.json': manifest({}, {}, { packageManager: 'pnpm@10.12.1' }) },
      command: `pnpm --version && ${page}`,
    },
  },
  'tests that are to run, and are not there': {
    files: { 'package.json': manifest({}, { test: 'echo "Error: no test specified" && exit 1' }) },
    manager: 'npm',
    command: `npm test && ${page}`,
    message: /^the script "test" in package\.json is the one that npm init writes, which fails$/,
    remedy: /^Take "npm test" out of the build command/,
    fault: 'project',
    extract: [/^Error: no test specified$/],
    done: { command: page },
  },
  'tests that fail': {
    files: {
      'menu.test.js':
        "const test = require('node:test');\ntest('the menu has three rows', () => { require('node:assert').equal(2, 3); });\n",
    },
    command: `node --test && ${page}`,
    message: /^tests failed$/,
    remedy: /leave the tests out of the build command/,
    fault: 'project',
    extract: [/^not ok 1 - the menu has three rows$/, /^ +error: '2 == 3'$/],
    done: { files: { 'menu.test.js': '' } },
  },
  'a stylesheet that another one imports': {
    ...uses({ sass: '1.93.2' }, 'sass src:public'),
    files: {
      'package.json': manifest({ sass: '1.93.2' }, { build: 'sass src:public' }),
      'src/main.scss': "@use 'colours';\n",
    },
    message: /^a stylesheet that another one imports is not there$/,
    remedy: /commit the file/,
    fault: 'project',
    extract: [
      /^Error: Can't find stylesheet to import\.$/,
      /@use 'colours';$/,
      /^ {2}src\/main\.scss 1:1 {2}root stylesheet$/,
      /[╷╵]$|\^+/,
    ],
    done: { files: { 'src/_colours.scss': '$red: red;\n' } },
  },
});
