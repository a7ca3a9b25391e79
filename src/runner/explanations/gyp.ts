// What node-gyp says when it cannot compile a native addon. Pure.
import type { Explanation } from './explanation.js';
import { MOST_EXTRACTED } from './extract.js';
import { firstMatch, shorten } from './words.js';

const REMEDY_NODE =
  'Update the package to a version for this Node, or set node_version to one that it was made for.';

const REMEDY_LIBRARY =
  'Take a version of the package that brings compiled code, or ask the operator to put the library into the builder image.';
/** Lines of compilers, of what looks for libraries, and of node-gyp itself. */
const TELLING =
  /:\d+:\d+: (?:fatal )?error: | error: |[Pp]ackage .* not found|pkg-config: |gyp ERR! (?:stack Error|find Python|not found)|gyp: /;

/** Explains node-gyp's failure, if the output of a script ends with one. */
export function readGyp(output: readonly string[], owner?: string): Explanation | undefined {
  const own = output.filter((line) => /\bgyp ERR! /.test(line));
  if (!own.some((line) => /gyp ERR! not ok\s*$/.test(line))) return undefined;
  const what = owner ?? firstMatch(own, /\$?npm_package_name (\S+)/)?.[1] ?? 'a package';
  const node = firstMatch(own, /gyp ERR! node -v v?(\S+)/)?.[1];
  const all = own.join('\n');
  if (/Could not find any Python|find Python.*(?:not found|could not be run)|not find Python/.test(all))
    return lacks(
      what,
      'Python',
      'Unset PYTHON and npm_config_python in env: the builder image has Python 3.',
    );
  const tool = /not found: (make|g\+\+|gcc|cc|clang\S*)/.exec(all)?.[1];
  if (tool) return lacks(what, tool, 'Rebuild the builder image, which has the compilers: sh ci/build.sh');
  if (/headers|is not a problem with node-gyp|not a problem with node-gyp|getNodeDir/.test(all))
    return lacks(
      what,
      `headers of Node ${node ?? ''}`.trimEnd(),
      'Choose a node_version that the builder image has, or let the build machine reach nodejs.org.',
    );
  const extract = output.filter((line) => TELLING.test(line)).slice(0, MOST_EXTRACTED);
  const header =
    firstMatch(output, /fatal error: (?!nan\.h|napi\.h|node|v8|uv)(\S+?): No such file/)?.[1] ??
    firstMatch(output, /[Pp]ackage '?([\w.+-]+?)'?,? .*(?:was )?not found/)?.[1] ??
    firstMatch(output, /(pkg-config): (?:command )?not found/)?.[1];
  if (header)
    return {
      ...lacks(what, header, REMEDY_LIBRARY),
      message: `the native code of ${what} cannot be compiled: the builder image does not have ${header}`,
      extract,
    };
  const compiler = output.find((line) => /(?::\d+:\d+: (?:fatal )?error: | error: )/.test(line));
  return {
    id: 'native-code',
    fault: 'project',
    message: `the native code of ${what} does not compile${node ? ` with Node ${node}` : ''}${compiler ? `: ${shorten(compiler)}` : ''}`,
    remedy: REMEDY_NODE,
    extract,
  };
}

function lacks(what: string, tool: string, remedy: string): Explanation {
  return {
    id: 'native-tools',
    fault: 'operator',
    message: `the native code of ${what} cannot be compiled: node-gyp found no ${tool}`,
    remedy,
  };
}
