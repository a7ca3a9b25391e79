// Tools that find no configuration, nothing to work on, or a configuration that they do not accept. Pure.
import { addToBuild } from '../manager-words.js';
import type { Row } from '../row.js';

/** How ESLint names a shared configuration: airbnb is in eslint-config-airbnb, and so on. */
const shared = (name: string) =>
  /^(?:@[^/]+\/)?eslint-config/.test(name)
    ? name
    : name.replace(/^(@[^/]+)$/, '$1/eslint-config').replace(/^(?!@)([^/]+).*$/, 'eslint-config-$1');

export const CONFIGURATION: Row[] = [
  {
    id: 'no-test-script',
    says: /^Error: no test specified$/,
    cause: 'the script "test" in package.json is the one that npm init writes, which fails',
    fault: 'project',
    remedy: 'Take "npm test" out of the build command, or write a script "test" that runs tests.',
  },
  {
    id: 'no-tests',
    says: [
      /^No tests found, exiting with code 1$/,
      /^No test files found, exiting with code 1$/,
      /^Error: No test files found: .*$/,
    ],
    cause: 'the tests are to run, and there are none',
    fault: 'project',
    remedy:
      'Take them out of the build command, commit the files that have them, or add --passWithNoTests (Jest, Vitest) to the script that calls them.',
  },
  {
    id: 'lint-plugin-missing',
    says: /^ESLint couldn't find the plugin "([^"]+)"\.$/,
    cause: 'ESLint is to use $1, which is not installed',
    fault: 'project',
    remedy: ([, name = ''], failure) => `${addToBuild(name, failure)}.`,
  },
  {
    id: 'lint-config-missing',
    says: /^ESLint couldn't find the config "([^"]+)" to extend from\..*$/,
    cause: 'ESLint is to use the configuration $1, which is not installed',
    fault: 'project',
    remedy: ([, name = ''], failure) =>
      `${addToBuild(shared(name), failure)}; or correct "extends" in the configuration of ESLint.`,
  },
  {
    id: 'lint-config',
    says: [
      /^ESLint couldn't find (?:an eslint\.config\.\S+ file|a configuration file)\..*$/,
      /^ConfigurationError: No configuration provided for .*$/,
    ],
    cause: 'the linter finds no configuration',
    fault: 'project',
    remedy:
      'Commit its file: ESLint 9 and newer want eslint.config.js (for .eslintrc.*, keep ESLint 8: "npm install --save-dev eslint@8"), Stylelint wants stylelint.config.js.',
    lines:
      /^ESLint couldn't find (?:an eslint\.config\.\S+ file|a configuration file)\.|^ConfigurationError: .*$/,
  },
  {
    id: 'nothing-to-lint',
    says: /^(?:No files matching the pattern "([^"]+)" were found\.|(?:AllFilesIgnoredError|NoFilesFoundError): .*|\[error\] No files matching the pattern were found: "([^"]+)"\.)$/,
    cause: ([, one, other]) => `the linter finds no files${(one ?? other) ? ` for ${one ?? other}` : ''}`,
    fault: 'project',
    remedy: 'Correct the pattern in the script that calls it: it begins at project_root.',
  },
  {
    id: 'turbo',
    says: [
      /^\s*[x×] (Found `pipeline` field instead of `tasks`)\.(?:\n.*)*?\n\s*help: .*$/,
      /^\s*[x×] Could not resolve workspace\.\n\s*`?[-╰─▶>]+ *(.*(?:\n {4,}\S.*)?)$/,
      /^\s*[x×] Missing tasks in project\n\s*`?[-╰─▶>]+ *[x×] (.*)$/,
      /^\s*[x×] (Could not find `?turbo\.json`?.*)$/,
    ],
    cause: ([, said = '']) => `Turborepo refuses its configuration: ${said.replace(/\s+/g, ' ')}`,
    fault: 'project',
    remedy: ([words]) =>
      words.includes('pipeline')
        ? 'Run "npx @turbo/codemod migrate" and commit, or write "tasks" for "pipeline" in turbo.json.'
        : words.includes('packageManager')
          ? 'Name the package manager and its version as "packageManager" in package.json, such as "npm@11.4.2", and commit.'
          : 'Correct turbo.json at the root of the workspace: "tasks" has to name each task that is called.',
  },
  {
    id: 'nx',
    says: /^ *NX +((?:Cannot|Could not) find (?:project|configuration for|Nx modules).*)$/,
    cause: ([, said = '']) => `Nx fails: ${said.replace(/\.$/, '')}`,
    fault: 'project',
    remedy: ([words], failure) =>
      words.includes('Nx modules')
        ? `${addToBuild('nx', failure)}.`
        : 'Correct the name in the build command: "npx nx show projects" lists the projects, "npx nx show project NAME" what each can do.',
  },
  {
    id: 'lerna',
    says: /^lerna ERR! E[A-Z]+ (.*)$/,
    cause: 'Lerna fails: $1',
    fault: 'project',
    remedy:
      'Call it at the root of the workspace, where lerna.json is: correct project_root or the build command, or commit that file.',
  },
  {
    id: 'dead-links',
    says: [/^\[vitepress\] (\d+) dead link\(s\) found\.$/, /^.*Docusaurus found broken (links|anchors)!.*$/],
    followed: /./,
    cause: 'pages of the site link to pages that there are not',
    fault: 'project',
    remedy:
      'Correct the links; or let them pass: ignoreDeadLinks: true in the configuration of VitePress, onBrokenLinks: "warn" in that of Docusaurus.',
    lines:
      /^\(!\) Found dead link .*$|^.*Docusaurus found broken (?:links|anchors)!.*$|^- (?:On|Broken link on) .*(?:\n +-> linking to .*){1,5}$/,
  },
  {
    id: 'graphql-schema',
    says: [
      /^(?:\[FAILED\] )?\s*Failed to load schema from (.*?):?$/,
      /^(?:\[FAILED\] )?\s*Unable to find any GraphQL type definitions for the following pointers:$/,
    ],
    followed: /./,
    cause: 'the code generator of GraphQL cannot load the schema: $1',
    fault: 'project',
    remedy:
      'Commit the file of the schema, or correct "schema" and "documents" in codegen.ts; of an address, let the build reach it, with its token in env.',
    lines:
      /^(?:\[FAILED\] )?\s*Failed to load schema from .*$|^(?:\[FAILED\] )?\s*Unable to find any GraphQL .*$|^(?:\[FAILED\] )?\s+- (?!ES Modules|Introspection|URL of|Multiple|String)\S+$|^\[FAILED\] .*(?:ECONN|ENOTFOUND|fetch failed).*$/,
  },
  {
    id: 'bundler-config',
    says: /^(?:\[webpack-cli\] )?(?:ValidationError: )?Invalid configuration object\. .*\n - (.*)(?:\n.*)*?$/,
    followed: /./,
    cause: 'the bundler does not accept its configuration: $1',
    fault: 'project',
    remedy:
      'Correct that property, or install the version of the bundler that the configuration was written for.',
    lines: /^.*Invalid configuration object\. .*\n - .*$/,
  },
];
