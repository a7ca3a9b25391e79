// Finds out from a tool's own words whether it found an error in a file of the project. Pure.
import { stripVTControlCharacters } from 'node:util';

/** A path as tools print it: Next.js has brackets and parentheses in its names. Bounded, or a long line would take long. */
const FILE = String.raw`(?<file>(?:file://)?[^\s'"<>|]{1,300}?)`;
const AT = String.raw`:\d+:\d+`;

interface Row {
  tools: string;
  patterns: string[];
}

/** How tools name the file and the place of an error. Warnings and frames of stacks are no such words. */
const ROWS: Row[] = [
  {
    tools: 'tsc, vue-tsc, ts-loader, Angular, astro check',
    patterns: [
      String.raw`${FILE}\(\d+,\d+\): error TS\d+`,
      String.raw`${FILE}${AT} - error (?:TS|NG|ts\()-?\d+`,
      String.raw`error TS\d+: .{0,200}?'(?<file>/workspace/[^']{1,300})'`,
      String.raw`ERROR in ${FILE}(?:\(\d+,\d+\)|${AT})[ \t]*\n\s*TS\d+`,
    ],
  },
  {
    tools: 'esbuild, also inside vite and Angular',
    patterns: [
      String.raw`\[ERROR\][^\n]*\n\s*\n\s+${FILE}${AT}:`,
      `${FILE}${AT}: (?:fatal )?(?:error|ERROR): `,
    ],
  },
  {
    tools: 'vite and rollup, with the plugins for vue and svelte',
    patterns: [
      String.raw`^[ \t]*file: ${FILE}(?:${AT})?(?:\s|$)`,
      String.raw`(?:Error: |error during build:\n)(?:\[[^\]\n]*\] ){0,3}${FILE} \(\d+:\d+\): `,
      String.raw`(?:Could not|failed to|Failed to) resolve (?:import )?\S{1,300} (?:from|in) ["']?${FILE}["']?(?:[\s.(]|$)`,
      `Could not resolve entry module ["']${FILE}["']`,
    ],
  },
  {
    tools: 'swc, oxc, rolldown: they draw a frame around the source',
    patterns: [String.raw`(?:╭─+|,-+) ?\[ ?(?<file>[^\s'"]{1,300}?)${AT} ?\]`],
  },
  {
    tools: 'babel, postcss, prettier, metro',
    patterns: [
      String.raw`Syntax ?[Ee]rror: (?<file>[^\s'"]{1,300}\.\w{1,10}):? [^\n]*\(\d+:\d+\)`,
      String.raw`(?:SyntaxError:|\[postcss\]) ${FILE}${AT}: `,
      String.raw`^\[error\] ${FILE}: SyntaxError`,
      String.raw`Unable to resolve module \S{1,300} from ${FILE}[:\s]`,
    ],
  },
  {
    tools: 'webpack',
    patterns: [
      String.raw`ERROR in ${FILE}(?: [\d:-]+)?[ \t]*\n[ \t]*(?:Module not found|Module parse failed)`,
      String.raw`Can't resolve '[^'\n]{1,300}' in '(?<file>/workspace[^'\n]{0,300})'`,
    ],
  },
  {
    tools: 'next, also with turbopack; svelte-check',
    patterns: [
      String.raw`^${FILE}${AT}[ \t]*\n[ \t]*(?:Type error|Error|Module not found|Syntax|Parsing|Ecmascript|Export )`,
      String.raw`^\.\/${FILE}[ \t]*\n[ \t]*(?:Type error|Module not found|Syntax ?[Ee]rror)`,
    ],
  },
  {
    tools: 'eslint, also inside next',
    patterns: [
      String.raw`^[ \t]*${FILE}[ \t]*\n(?:[ \t]*\d+:\d+[ \t]+[Ww]arning[^\n]*\n){0,200}[ \t]*\d+:\d+[ \t]+[Ee]rror\b`,
    ],
  },
  { tools: 'biome', patterns: [String.raw`${FILE}(?:${AT})? (?:lint|parse|format|assist)\S* ━`] },
  { tools: 'svelte', patterns: [String.raw`\[(?:plugin )?vite-plugin-svelte[^\]\n]*\] ${FILE}${AT} `] },
  { tools: 'astro', patterns: [String.raw`^[ \t]*Location:[ \t]*\n[ \t]*${FILE}${AT}`] },
  {
    tools: 'sass',
    patterns: [
      String.raw`(?:Error: |\[sass\] )[^\n]*\n(?:[^\n]*[╷│╵|][^\n]*\n){1,20}[ \t]+${FILE} \d+:\d+[ \t]`,
    ],
  },
  { tools: 'parcel', patterns: [String.raw`@parcel/[\w-]+: [^\n]*\n\s*\n?[ \t]+${FILE}${AT}`] },
  {
    tools: 'bun build',
    patterns: [
      String.raw`error: (?:Could not resolve|Expected|Unexpected|Unterminated|No matching export)[^\n]*\n[ \t]+at ${FILE}${AT}`,
    ],
  },
  { tools: 'docusaurus', patterns: [`compilation failed for file ["']${FILE}["']`] },
  { tools: 'eleventy', patterns: [String.raw`\(${FILE}\)\s{0,10}\[Line \d+, Column \d+\]`] },
  {
    // Other errors of a script may come from anything that it reads, such as a cache.
    tools: 'node, for what it finds before or without running the code',
    patterns: [
      String.raw`^(?<file>(?:file://)?/workspace/[^\s:]{1,300}):\d+\n(?:[^\n]*\n){1,6}?(?:SyntaxError|ReferenceError)\b`,
    ],
  },
  { tools: 'bash', patterns: [String.raw`^${FILE}: line \d+: syntax error`] },
  { tools: 'vitest, jest', patterns: [String.raw`^[ \t]*FAIL[ \t]+${FILE}(?:[ \t]|$)`] },
];

const PATTERNS = ROWS.flatMap(({ patterns }) => patterns.map((pattern) => new RegExp(pattern, 'gm')));

/** Directories with sources of the project, although their names begin with a dot. */
const DOTTED_SOURCES = /^\.(?:storybook|vitepress|vuepress|github)$/;
/** What tools write beside sources. */
const GENERATED =
  /(?:^|\/)(?:\.vitepress\/(?:cache|dist|\.temp)\/|\.pnp\.[^/]*$|\.eslintcache$|[^/]*\.tsbuildinfo$)/;
/** What a tool keeps in a directory with a dot, or in node_modules. */
const KEPT =
  /(?:^|[\s'"(/])(?:node_modules\/\.|\.(?:next|nuxt|output|svelte-kit|astro|vinxi|cache|parcel-cache|turbo|nx|angular)\/)/;

/** What the runners of monorepos put before each line: turbo, pnpm, lerna. */
const PREFIX = /^(?:[\w@/.-]+:[\w:.-]+: |[\w@/.-]+ [\w:-]+: |\[?[\w@/.-]+\]?: )/gm;

/** Whether the last output of a step names an error in a file of the project, rather than one in what a build leaves. */
export function namesSourceError(output: string): boolean {
  const text = stripVTControlCharacters(output).replaceAll('\r', '');
  return isNamedIn(text) || isNamedIn(text.replace(PREFIX, ''));
}

function isNamedIn(text: string): boolean {
  return PATTERNS.some((pattern) =>
    [...text.matchAll(pattern)].some(
      (match) => isSource(match.groups?.file ?? '') && !KEPT.test(linesOf(text, match)),
    ),
  );
}

/** Whether a path is of a file that the project's authors write. */
function isSource(path: string): boolean {
  // webpack writes a module's loaders before it, with a "!" after each, and bundlers a query behind it.
  const [file = ''] = (path.split('!').at(-1) ?? '').replace(/^file:\/\//, '').split('?');
  const inside = file.replace(/^\/workspace(?:\/|$)/, '');
  if (inside.startsWith('/') || /^[\w-]{2,}:/.test(inside) || GENERATED.test(inside)) return false;
  return inside.split('/').slice(0, -1).every(isSourceDirectory);
}

function isSourceDirectory(name: string, depth: number): boolean {
  // A project names caches of its own, such as my-cache; but its sources may be about caches.
  if (name === 'node_modules' || /[-_.]cache$/i.test(name) || (depth === 0 && /^cache$/i.test(name)))
    return false;
  return !/^\.[^.]/.test(name) || DOTTED_SOURCES.test(name);
}

/** The whole lines of a match. An error in them that names a cache beside a source may be the cache's. */
function linesOf(text: string, { index, 0: found }: RegExpExecArray): string {
  const end = text.indexOf('\n', index + found.length);
  return text.slice(text.lastIndexOf('\n', index) + 1, end === -1 ? undefined : end);
}
