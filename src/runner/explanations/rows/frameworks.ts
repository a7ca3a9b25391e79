// Frameworks that find no pages, know a command no more, or cannot make what the project asks for without a server. Pure.
import type { Row } from '../row.js';

export const FRAMEWORKS: Row[] = [
  {
    id: 'no-pages',
    says: /^.*Error: > Couldn't find any `pages` or `app` directory\..*$/,
    followed: /./,
    cause: 'Next.js finds no pages: there is neither a directory app nor pages',
    fault: 'project',
    remedy: 'Set project_root to the directory that has it (--root), or commit it: it may be in .gitignore.',
    lines: /^.*Couldn't find any `pages` or `app` directory\..*$/,
  },
  {
    id: 'command-gone',
    says: [
      /^Invalid project directory provided, no such directory: (?:\S*\/)?([\w.-]+)$/,
      /^\s*`next (export)` (?:has been removed|does not work|is not).*$/,
    ],
    followed: /^Learn more: /,
    cause: ([, word = '']) =>
      /^(?:lint|export)$/.test(word)
        ? `this version of Next.js has no command "${word}" any more`
        : `Next.js is called with ${word}, which is neither a command nor a directory`,
    fault: 'project',
    remedy: ([, word = '']) =>
      word === 'export'
        ? `Take "next export" out of the script, and set output: 'export' in next.config.js: "next build" then writes the directory out.`
        : word === 'lint'
          ? 'Call ESLint itself: write "eslint ." for "next lint" in package.json, with a configuration of its own.'
          : 'Correct the command in package.json or project_build_command.',
  },
];
