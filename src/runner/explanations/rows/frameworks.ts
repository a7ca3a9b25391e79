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
    id: 'needs-server',
    says: [
      /^.*\[NoAdapterInstalled\] Cannot use server-rendered pages without an adapter\..*$/,
      /^.*@sveltejs\/adapter-static: all routes must be fully prerenderable.*$/,
      /^Error: Encountered dynamic routes$/,
      /^.*Page "[^"]+" is missing "generateStaticParams\(\)" so it cannot be used with "output: export" config\..*$/,
    ],
    followed: /./,
    cause: 'a page wants a server that makes it when it is asked for, and the site is to be of files alone',
    fault: 'project',
    remedy:
      'Have each page made ahead of time: in Astro without "prerender = false" and output: "server", in SvelteKit with "export const prerender = true" in src/routes/+layout.js, in Next.js with generateStaticParams() in each page that has a parameter.',
    lines:
      /^.*\[NoAdapterInstalled\] .*$|^.*@sveltejs\/adapter-static: all routes .*(?:\n\s+- \S+)*$|^Error: Encountered dynamic routes$|^.*is missing "generateStaticParams\(\)".*$/,
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
