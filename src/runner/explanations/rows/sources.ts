// Faults in the sources that a compiler, a bundler or a framework finds. Pure.
import { addToBuild } from '../manager-words.js';
import type { Row } from '../row.js';

const FIX = 'Correct the line that it names.';

export const SOURCES: Row[] = [
  {
    id: 'sass-missing',
    says: [
      /^(?:.*Error: |\[sass\] |SassError: )?Can't find stylesheet to import\.?$/,
      /^.*File to import not found or unreadable: (.*)$/,
      /^.*'([^'\n]+)' wasn't found\. Tried - .*$/,
    ],
    followed:
      /^(?:file: |\.?\/?[\w@]\S*\.\w+(?: \d+:\d+.*)?$|(?:Sass)?Error: |Module build failed|ERROR in |Failed to compile|Import trace)/,
    cause: 'a stylesheet that another one imports is not there',
    fault: 'project',
    remedy:
      'Correct the path, commit the file, or install the package that has it; of a package, write "pkg:name" or its path in node_modules.',
    lines:
      /^.*(?:Can't find stylesheet|File to import not found|wasn't found\. Tried).*(?:\n[^\n]*[╷│╵|,'][^\n]*){0,5}(?:\n +\S+ \d+:\d+ .*)?$/,
  },
  {
    id: 'sass',
    says: [
      /^(?:.*(?:Error|SassError): |\[sass\] )(.+)\n(?:[^\n]*[╷│╵|,'][^\n]*\n){1,12}[ \t]+(\S+) (\d+):\d+/,
      /^.*(?:SassError|sass.*Error): (.*)$/,
      /^(?:Name|Parse|Syntax|File|Argument|Operation|Runtime)Error: (.*) in \S+\.less on line \d+.*$/,
    ],
    unless: /Can't find stylesheet to import|wasn't found\. Tried/,
    followed:
      /^(?:file: |\.?\/?[\w@]\S*\.\w+(?: \d+:\d+.*)?$|(?:Sass)?Error: |Module build failed|ERROR in |Failed to compile|Import trace)/,
    cause: 'Sass, or Less, finds an error in a stylesheet: $1',
    fault: 'project',
    remedy: FIX,
  },
  {
    id: 'tailwind-postcss',
    says: /^.*It looks like you're trying to use `tailwindcss` directly as a PostCSS plugin\..*$/,
    followed: /^(?:file: |Failed to compile|\.?\/?\S+$|> Build failed)/,
    cause: 'Tailwind 4 is no plugin of PostCSS any more: that is in a package of its own',
    fault: 'project',
    remedy: (_, failure) =>
      `${addToBuild('@tailwindcss/postcss', failure)}; and write "@tailwindcss/postcss" for tailwindcss in the configuration of PostCSS.`,
    lines: /^.*It looks like you're trying to use `tailwindcss` directly as a PostCSS plugin\..*$/,
  },
  {
    id: 'stylesheet',
    says: [
      /^.*CssSyntaxError: (.*)$/,
      /^.*\[postcss\] (.*)$/,
      /^.*(?:Cannot apply unknown utility class|The `[^`]+` class does not exist)(.*)$/,
      /^.*(?:ParseError|SyntaxError): (.*) in .*\.less.*$/,
    ],
    unless: /directly as a PostCSS plugin/,
    followed: /^(?:Failed to compile|\.?\/?\S+$|> Build failed)/,
    cause: 'PostCSS finds an error in a stylesheet, or in its configuration: $1',
    fault: 'project',
    remedy: 'Correct the line that it names: a class or a plugin that it does not know, or a brace.',
  },
  {
    id: 'source-syntax',
    says: [
      // webpack, rspack
      /^.*Module parse failed: (.*)$/,
      // esbuild, bun, oxc, rolldown
      /^✘ \[ERROR\] ((?:Expected|Unexpected|Unterminated|Syntax error|The symbol|Transforming|Top-level await|Invalid)\b.*)$/,
      /^error: ((?:Expected|Unexpected|Unterminated|Syntax error)\b.*)$/,
      /^\S+:\d+:\d+: (?:ERROR|error): (.*)$/,
      /^\[PARSE_ERROR\] (.*)$/,
      // rollup, vite and what runs in it
      /^(?:.*(?:RollupError|Error|SyntaxError): |error during build:\n)(?:\[[^\]\n]*\] ){0,3}\S+ \(\d+:\d+\): (.*)$/,
      /^.*(?:RollupError: )?(?:Parse failure: |Parse error @|Expression expected|Unexpected (?:token|character|eof|keyword))(.*)$/i,
      // swc, babel, acorn
      /^.*(?:Syntax ?[Ee]rror|SyntaxError): (.*\(\d+:\d+\))$/,
      /^\s*[x×⨯] (.*)\n\s*(?:╭|,)-*/,
      /^\.\/\S+:\d+:\d+\n(?:Error: )?(.*)\n(?:.*\|.*\n){1,8}\s*(?:Parsing \w+ source code failed|Syntax Error)/,
      /^(?:Parsing (?:ecmascript|css) source code failed|Parsing CSS source code failed|Error: Parsing error: .*)$/i,
      /^.*\[(?:plugin )?(?:vite:vue|vite-plugin-svelte|@mdx-js\/\w+|vite:build-html)[^\]]*\]:? (.*)$/,
      /^.*(?:CompilerError|CompileError): (.*)$/,
      // Node.js, before it runs a file of the project
      /^(?:file:\/\/)?\/workspace\/(?!node_modules)[^\n]*(?<!\.[cm]?tsx?):\d+\n(?:[^\n]*\n){1,6}?SyntaxError: (.*)$/,
      // astro
      /^.*((?:Expected|Unexpected|Unterminated) [^\n]* (?:but )?found [^\n]*)\n\s+Location:\n.*$/,
      // Python
      /^ {2}File "[^"]+", line \d+\n(?:[^\n]*\n){1,3}?(?:SyntaxError|IndentationError|TabError): (.*)$/,
      // bash
      /^\S+: (?:line )?\d+: (?:[Ss]yntax error|unexpected EOF)(.*)$/,
    ],
    unless:
      /is not exported by|does not provide an export|Cannot use import statement outside|outside a module|Could not resolve|\((?:internal\/modules|vm\.js)\S*:\d+|[Ff]ailed to resolve|Module not found|Can't resolve|JSON at position|valid JSON|in JSON at|lockfile|package\.json|TypeScript enum|turbo\.json/,
    followed:
      /^(?:Failed to compile|\.?\/?[\w@][\w@/.[\]()-]*(?::\d+:\d+)?$|> Build failed|Caused by:|Import trace|Syntax Error|You may need|File was|error during|> \d+|\S+ \(\d+:\d+\)|\[?(?:cause|plugin))/,
    cause: ([, ...words]) => {
      const said = words.find(Boolean);
      return `a file of the project has a syntax that its tool does not read${said ? `: ${said.trim()}` : ''}`;
    },
    fault: 'project',
    remedy: `${FIX} If it is right, the tool lacks a loader, a plugin or a newer version for it.`,
    lines:
      /^\.\/\S+:\d+:\d+\n.*\n(?:.*\|.*\n){1,4}|^(?:ERROR in \S+.*\n|(?:\.\/)?[\w@][\w@/.[\]()-]*(?::\d+:\d+)?\n)?.*(?:Module parse failed|✘ \[ERROR\]|^error: |: (?:ERROR|error): |PARSE_ERROR|RollupError|Parse failure|Parse error @|Expression expected|Unexpected (?:token|character|eof|keyword)|S(?:yntax|YNTAX) ?[Ee]rror|IndentationError|^\s*[x×⨯] |Parsing \w+ source|vite:vue|vite-plugin-svelte|CompilerError|CompileError| found .*\n\s+Location:\n).*(?:\n(?!\s*at ).*[│╭╰|,─^].*){0,6}(?:\n\s*\n\s+\S+:\d+:\d+:\n.*\n.*)?/,
  },
  {
    id: 'ts-syntax',
    says: [
      /^SyntaxError(?: \[ERR_\w+\])?: (TypeScript enum is not supported.*|TypeScript (?:namespace|parameter property).*)$/,
      /^.*ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX.*$/,
    ],
    cause: 'Node.js runs TypeScript only where taking the types away is enough: $1',
    fault: 'project',
    remedy:
      'Write it without enum, namespace and the like, add --experimental-transform-types, or run it with tsx ("npm install -D tsx").',
    lines: /^SyntaxError.*$|^\/workspace\/\S+:\d+$/,
  },
  {
    id: 'json-broken',
    says: [
      /^.*(?:(?:Unexpected|Expected) .* in JSON at position|is not valid JSON|Unexpected end of JSON input).*$/,
      /^json\.decoder\.JSONDecodeError: .*$/,
    ],
    unless: /EJSONPARSE|package\.json/,
    inPassing: true,
    followed: /^(?:\S+:\d+|undefined:\d+)$/,
    cause: 'something that is read as JSON is none',
    fault: 'project',
    remedy:
      'Correct the file; where it is the answer of a server, look at what that says: often an error page, beginning with "<".',
  },
  {
    id: 'browser-only',
    says: /^.*ReferenceError\]?: (window|document|localStorage|sessionStorage|navigator|location|HTMLElement|self|IntersectionObserver|ResizeObserver|matchMedia|Image) is not defined.*$/,
    inPassing: true,
    followed:
      /^(?:\w+ is not defined$|\s|Error occurred prerendering|> Export|Export of|\[|ERROR|Errors? (?:prerendering|occurred)|Exiting|Prerender|├|└|Build)/,
    cause: 'code for browsers runs while pages are made on the server: it wants $1',
    fault: 'project',
    remedy:
      'Use it only in the browser: in an effect or onMounted, behind typeof window !== "undefined", or load the component without server rendering.',
    lines:
      /^.*ReferenceError\]?: \w+ is not defined.*(?:\n\s+at (?!.*node_modules).*){0,2}$|^Error occurred prerendering.*$|^.*\[\d+\] .*$/,
  },
  {
    id: 'prerender',
    says: [
      /^.*Error occurred prerendering page "([^"]+)".*$/,
      /^.*(?:Errors? prerendering|Exiting due to prerender errors)(.*)$/,
      /^.*Export encountered (?:an error|errors) on (?:following paths:\n\s*)?(\S+).*$/,
    ],
    unless:
      /getaddrinfo|ECONNREFUSED|ReferenceError: (?:window|document|localStorage)|[Ee]nvironment variable|[A-Z]{2,}_[A-Z_]+ is not (?:set|defined)|fetch failed/,
    followed: /^(?:\[|Exiting|Export|Errors? |⨯ )/,
    cause: 'a page cannot be made ahead of time: $1',
    fault: 'project',
    remedy: 'Correct what its error says; or have the page made for each request, or only in the browser.',
    lines:
      /^.*(?:⨯ |Error: |Error occurred prerendering).*$|^\s*at (?!.*node_modules)\S+ \((?:\.\/|\/workspace).*$/,
  },
  {
    id: 'prisma',
    says: [
      /^.*(?:Error code: |error: |code: ['"]?)(P[1-3]\d{3})\b.*$/,
      /^.*@prisma\/client did not initialize yet.*$/,
    ],
    unless: /P1001|P1012/,
    cause: 'Prisma fails: $1',
    fault: 'project',
    remedy: 'Run "prisma generate" before the build, and correct what it says.',
  },
  {
    id: 'budget',
    says: /^.*(?:exceeded maximum budget|exceeds the (?:maximum|limit)|Package size limit has exceeded).*$/,
    needs: /(?:Error:|\[ERROR\]|✘).*(?:budget|limit)|Package size limit has exceeded/,
    followed: /^\s*(?:Size limit|Size|Try to reduce)\b/,
    cause: 'what is built is larger than the project allows',
    fault: 'project',
    remedy:
      'Make it smaller, or raise the limit where it is set (angular.json: budgets; package.json: size-limit).',
  },
];
