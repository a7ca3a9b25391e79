// Imports that lead nowhere, or to something else than was meant. Pure.
import { missingImport } from '../import-words.js';
import type { Row } from '../row.js';

const NAME = `['"\`]([^'"\`\\n]{1,300})['"\`]`;
/** Parts of Node.js, and what Prisma's script makes, are told by rows of their own. */
const OTHERS = `(?!['"\`](?:node:|\\.prisma/))`;

const missing = (name = 1, from = 2): Pick<Row, 'cause' | 'remedy'> => ({
  cause: (found, failure) => missingImport(found[name] ?? '', found[from], failure).cause,
  remedy: (found, failure) => missingImport(found[name] ?? '', found[from], failure).remedy,
});

export const IMPORTS: Row[] = [
  {
    id: 'module-missing',
    // Node.js and bun, when a program runs. What a package of a platform lacks is told by readBuild().
    says: [
      new RegExp(
        `^(?:\\[?Error(?: \\[ERR_MODULE_NOT_FOUND\\])?\\]?: |error: )Cannot find (?:module|package) ${OTHERS}${NAME}(?: imported from (\\S+?)(?=$| - )|(?: from ${NAME}$))`,
      ),
      new RegExp(
        `^(?:\\w+ )?\\[?Error\\]?: Cannot find module ${OTHERS}${NAME}(?:\\nRequire stack:\\n- (\\S+))?`,
      ),
      new RegExp(`^error: Cannot find (?:module|package) ${NAME} from ${NAME}`),
    ],
    unless: /Cannot find module '[^'\n]*linux-(?:x64|arm64)/,
    ...missing(),
    fault: 'project',
  },
  {
    id: 'unresolved-import',
    says: [
      new RegExp(`Module not found: (?:Error: )?(?:Can't|Cannot) resolve ${NAME}(?: in ${NAME})?`),
      new RegExp(
        `(?:Could not|failed to|Failed to) resolve (?:import )?${NAME} (?:from|in) ['"]?([^\\s'"(]{1,300})`,
      ),
      new RegExp(`^✘ \\[ERROR\\] Could not resolve ${NAME}[^\\n]*(?:\\n\\s*\\n\\s+(\\S+?):\\d+:\\d+:)?`),
      new RegExp(`^error: Could not resolve: ${NAME}(?:[^\\n]*\\n\\s+at (\\S+?):\\d+:\\d+)?`),
      new RegExp(`^(?:@parcel/\\S+: )?Failed to resolve ${NAME} from ${NAME}`),
      new RegExp(`^Cannot find (?:module|file):? ${NAME}`),
      new RegExp(`^(?!.*Module not found).*Can't resolve ${NAME} in ${NAME}`),
      /Unable to resolve module ['"]?([^\s'"]{1,300})['"]? from ['"]?([^\s'":]{1,300})/,
      new RegExp(`(?<!error: )Cannot find module ${NAME} from ${NAME}`),
      new RegExp(`Could not import ${NAME}`),
      /^\* (\S+) in (\S+)$/,
      new RegExp(`Failed to find ${NAME}$`),
    ],
    needs:
      /Module not found|[Cc]ould not resolve|ailed to resolve|Unable to resolve module|Cannot find (?:module|file)|Can't resolve|Could not import|(?:dependency|module)s? (?:was|were) not found|Failed to find/,
    unless:
      /(?:Could not|Cannot) resolve entry module|Entry module not found|^ERROR in main$|Could not resolve "[^"]+"\n\s*\n(?!\s+\S+:\d)/m,
    ...missing(),
    fault: 'project',
    lines:
      /^(?:(?:ERROR in )?\.?\/?[\w@.][^\s:]*(?::\d+:\d+| [\d:-]+)?\n)?.*(?:Module not found: |[Cc]ould not resolve|[Ff]ailed to resolve|Unable to resolve module|Cannot find (?:module|file)|Could not import|Failed to find|^\* \S+ in \S+$).*(?:\n\s*\n\s+\S+:\d+:\d+:\n.*)?(?:\n\s+at \S+:\d+:\d+)?$/,
  },
  {
    id: 'entry-missing',
    says: [
      /(?:Could not|Cannot) resolve entry module ['"`]?([^\s'"`]{1,300}?)['"`.]*$/,
      new RegExp(`Entry module not found: Error: Can't resolve ${NAME}`),
      // esbuild names the place of an import below.
      /^✘ \[ERROR\] Could not resolve "([^"]+)"\n\s*\n(?!\s+\S+:\d)/,
      new RegExp(`^ERROR in main\\n.*Can't resolve ${NAME}`),
    ],
    cause: 'the bundler is to begin with $1, which is not there',
    fault: 'project',
    remedy:
      'Commit that file, set project_root to the directory that has it, or correct the entry in the configuration of the bundler.',
  },
  {
    id: 'missing-export',
    says: [
      /^.*['"](\w[\w$]*)['"] is not exported by ['"]?([^\s'"]{1,300}?)['"]?(?:,.*|\.)?$/,
      /^✘ \[ERROR\] No matching export in ["']([^"']+)["'] for import ["'](\w[\w$]*)["']/,
      /^.*Attempted import error: '(\w[\w$]*)' is not exported from '([^']+)'.*$/,
      /^ERROR in .*\n.*export ['"](\w[\w$]*)['"].* was not found in ['"]?([^\s'"]+).*$/,
      /^.*Export (\w[\w$]*) doesn't exist in (target module).*$/,
      /^error: No matching export in "([^"]+)" for import "(\w[\w$]*)"/,
    ],
    cause: 'an import asks for what a module does not export: $1, $2',
    fault: 'project',
    remedy: 'Correct the name of the import, or export it there.',
  },
  {
    id: 'no-such-export',
    says: /^SyntaxError: The requested module '(?!node:)([^']+)' does not provide an export named '([^']+)'$/,
    cause: '$1 exports no $2',
    fault: 'project',
    remedy:
      'Correct the name of the import; of a CommonJS module, import the default and take it from there.',
  },
  {
    id: 'not-exported',
    says: [
      /^Error \[ERR_PACKAGE_PATH_NOT_EXPORTED\]: Package subpath '([^']+)' is not defined by "exports" in (?:\S*\/node_modules\/)?(\S+?)\/package\.json/,
      /^Error \[ERR_PACKAGE_PATH_NOT_EXPORTED\]: No "exports" main (defined) in (?:\S*\/node_modules\/)?(\S+?)\/package\.json/,
      /Missing "([^"]+)" specifier in "([^"]+)" package/,
      /Package path (\S+) is not exported from package \S*?\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/,
    ],
    cause: 'the installed version of $2 does not let others import $1',
    fault: 'project',
    remedy:
      'Import what its package.json lists under "exports", or install the version for which the import was written.',
  },
  {
    id: 'require-of-esm',
    says: [
      /^Error \[ERR_REQUIRE_ESM\]: require\(\) of ES Module (?:\S*\/node_modules\/)?(\S+)/,
      /^Error \[ERR_REQUIRE_ASYNC_MODULE\]: require\(\) (cannot be used on an ESM graph with top-level await)/,
      /^Error \[ERR_REQUIRE_ESM\]: Must use import to load ES Module: (?:\S*\/node_modules\/)?(\S+)/,
    ],
    cause: 'a CommonJS file requires an ES module: $1',
    fault: 'project',
    remedy:
      'Set node_version to 22 or newer, which can do that for most modules; else load it with await import(…), or keep the last version of the package that is CommonJS.',
  },
  {
    id: 'import-outside-module',
    says: [
      /^SyntaxError: (Cannot use import statement outside a module)$/,
      /^SyntaxError: (Unexpected token '?export'?)$/,
      /^(?:\[?ReferenceError\]?: )((?:require|exports|module|__dirname|__filename) is not defined(?: in ES module scope)?)/,
      /^SyntaxError: (Cannot use 'import\.meta' outside a module)$/,
      // next
      /^Error: (Specified module format \(\w+\) is not matching the module format of the source code).*$/,
    ],
    followed: /^(?:The (?:CommonJs|EcmaScript|module)|In some cases|\.\/\S+$|> Build)/,
    cause: 'CommonJS and ES modules are mixed up: $1',
    fault: 'project',
    remedy:
      'Name the file .mjs where it has import and export and .cjs where it has require, or correct "type" in package.json.',
  },
  {
    id: 'import-attribute',
    says: /^TypeError \[ERR_IMPORT_(?:ASSERTION_TYPE|ATTRIBUTE)_MISSING\]: Module "([^"]+)" needs an import attribute of.*$/,
    cause: 'an ES module imports JSON without saying so: $1',
    fault: 'project',
    remedy: 'Write: import data from "./data.json" with { type: "json" }; or read the file with fs.',
  },
  {
    id: 'directory-import',
    says: /^Error \[ERR_UNSUPPORTED_DIR_IMPORT\]: Directory import '([^']+)' is not supported/,
    cause: 'an ES module imports a directory: $1',
    fault: 'project',
    remedy: 'Write the name of the file with its extension, such as …/index.js.',
  },
];
