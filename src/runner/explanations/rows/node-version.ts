// Programs that were made for another Node.js. Pure.
import { addToBuild } from '../manager-words.js';
import type { Row } from '../row.js';

const NEWER = 'Set node_version, or engines.node in package.json, to a newer version: 22 or 24.';

export const NODE_VERSION: Row[] = [
  {
    id: 'openssl',
    says: [
      /^.*Error: error:0308010C:digital envelope routines::unsupported/,
      /code: 'ERR_OSSL_EVP_UNSUPPORTED'/,
    ],
    cause:
      'the bundler is too old for this Node: it wants a hash that OpenSSL no longer has, as webpack 4 does',
    fault: 'project',
    remedy: 'Update it, or set node_version to 16, or NODE_OPTIONS=--openssl-legacy-provider in env.',
    lines: /^.*Error: error:0308010C.*$|^.*'ERR_OSSL_EVP_UNSUPPORTED'.*$/,
  },
  {
    id: 'node-too-old',
    // Tools that look at the version themselves.
    says: [
      /^.*[Yy]ou are (?:currently )?(?:using|running) (?:Node\.js|node) v?(\d[\w.]*).*(?:require|need).*$/,
      /^.*[Yy]ou are (?:currently )?(?:using|running) (?:Node\.js|version|node) v?(\d[\w.]*)(?: of Node\.js)?\b.*$/,
      /^.*Node(?:\.js)?(?: version)? v?(\d[\w.]*) (?:is not supported|detected|is outdated|is too old).*$/,
      /^.*(?:requires?|needs|supports only)(?: a minimum)?(?: at least)? Node(?:\.js)?(?: version)?(?: of)? ?[v>=^"]*\d.*$/,
      /^.*does not support Node\.js v?(\d[\w.]*).*$/,
      /^.*is likely not supported by this version of Node.*$|^error: This version of pnpm requires at least Node\.js v(\d\S*)$/i,
    ],
    unless: /EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|The engine "node" is incompatible/,
    inPassing: true,
    followed:
      /Please (?:upgrade|update|use)|[Ss]upported versions|^The current version|nodejs\.org|^ERROR: |visit|Environment Detected|^Additional steps|^Documentation: /,
    cause: 'a tool of the build does not run on this version of Node',
    fault: 'project',
    remedy: NEWER,
  },
  {
    id: 'old-node',
    says: [
      // A part of Node.js that it does not have, or not yet under this name.
      /^(?:Error(?: \[ERR_UNKNOWN_BUILTIN_MODULE\])?: (?:No such built-in module|Cannot find module)|node:\S+ \w+Error:)[: ]+'?(node:[\w/]+)'?/,
      /^.*ERR_UNKNOWN_BUILTIN_MODULE\]: No such built-in module: (node:[\w/]+)$/,
      /^SyntaxError: The requested module '(?:node:[\w/]+|[a-z_]+(?:\/promises)?)' does not provide an export named '([^']+)'$/,
      // Functions that are in the language, or in Node.js, since a while.
      /^TypeError: \S*\b(groupBy|hasOwn|fromAsync|withResolvers|toSorted|toReversed|toSpliced|findLast|findLastIndex|replaceAll|structuredClone|styleText|getRandomValues|availableParallelism|parseEnv|registerHooks|stripTypeScriptTypes|isDisjointFrom|isSubsetOf|union|intersection|hash|partial|try) is not a function/,
      /^TypeError: (?:\w+\.)?\S*\.(at|with) is not a function/,
      /^ReferenceError: (fetch|structuredClone|AbortController|Blob|File|FormData|Headers|Request|Response|ReadableStream|TransformStream|WritableStream|WebSocket|CustomEvent|EventTarget|BroadcastChannel|AggregateError|WeakRef|FinalizationRegistry|crypto|navigator|CompressionStream|CloseEvent|Iterator) is not defined/,
      // A file with types, or with an attribute of an import.
      /^TypeError(?: \[ERR_UNKNOWN_FILE_EXTENSION\])?: Unknown file extension "(\.[cm]?tsx?)"/,
      /^SyntaxError: (?:Unexpected (?:token|identifier) '?)(with)'?$/,
      /^SyntaxError: (Invalid regular expression flags)$/,
    ],
    cause: 'this version of Node does not have $1',
    fault: 'project',
    remedy: `${NEWER} If it has, correct the name.`,
  },
  {
    id: 'old-syntax',
    says: /^SyntaxError: (Unexpected (?:token '?(?:\?|\.|\?\?=|\|\|=|&&=|\?\?|\?\.|=|#|\{|\*|\))'?|reserved word|identifier|strict mode reserved word))$/,
    // Versions up to 14 name their own files so.
    needs: /\((?:internal\/modules|vm\.js|module\.js|internal\/main)\S*:\d+:\d+\)/,
    cause: 'this version of Node does not know the syntax of a file: $1',
    fault: 'project',
    remedy: NEWER,
    lines: /^(?:file:\/\/|\/)\S+:\d+$\n.*|^SyntaxError: .*$/,
  },
  {
    id: 'node-typescript',
    says: /^(?:file:\/\/)?(\/[^\s:]+\.[cm]?tsx?):\d+\n(?:.*\n){1,6}?SyntaxError: .*$/,
    unless: /TypeScript (?:enum|namespace|parameter)|Expected ';', got|does not provide an export/,
    cause: 'this version of Node does not run TypeScript: $1',
    fault: 'project',
    remedy: 'Set node_version to 22.18 or newer, or 24; or run the file with tsx ("npm install -D tsx").',
  },
  {
    id: 'bad-option',
    says: [
      /^\S*node\S*: (?:bad option: )?(--?\S+?)(?: is not allowed in NODE_OPTIONS| requires an argument)?$/,
      /^\S*node\S*: (?:bad option: )(--?\S+)/,
    ],
    codes: [9, 1],
    cause: 'this version of Node does not know the option $1',
    fault: 'job',
    remedy:
      'Take it out of NODE_OPTIONS in env or out of the script in package.json, or set node_version to a version that has it.',
  },
  {
    id: 'module-version',
    says: /^.*was compiled against a different Node\.js version using\nNODE_MODULE_VERSION (\d+)\. This version of Node\.js requires\nNODE_MODULE_VERSION (\d+)/,
    cause: 'a native addon was compiled for another version of Node (module version $1, and this one has $2)',
    fault: 'project',
    remedy: 'Build once with --no-cache; if a compiled addon is in the repository, remove it there.',
    lines: /^.*Error: The module '[^']+'$|^.*was compiled against a different.*\n.*\n.*$/,
  },
  {
    id: 'node-sass',
    says: /^.*Error: Node Sass does not yet support your current environment: (.*)$/,
    followed: /^(?:For more information|https:)/,
    cause:
      'node-sass has no program for this version of Node, and there will be none: it is no longer developed',
    fault: 'project',
    remedy: (_, failure) =>
      `Take sass in its place, which bundlers find by themselves. ${addToBuild('sass', failure)}, without node-sass.`,
  },
  {
    id: 'primordials',
    says: /^ReferenceError: primordials is not defined/,
    cause: 'gulp 3, or another package with an old graceful-fs, does not run on Node 12 and newer',
    fault: 'project',
    remedy: 'Update gulp to 4 or newer, or set node_version to 10.',
  },
];
