// The projects that builds are timed with: how each is written to a directory, built, changed by a line, and given a dependency.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

const PROJECTS = join(import.meta.dirname, 'projects');
const FIXTURES = join(import.meta.dirname, '../fixtures');

type Files = Record<string, string>;

/** A file of which one line is changed; every call gives another content. */
export interface OneLine {
  readonly path: string;
  readonly edit: (content: string) => string;
}

export interface Project {
  readonly name: string;
  readonly manager: string;
  readonly command: string;
  readonly dist: string;
  /** A change that is seen in the artifact. */
  readonly oneLine: OneLine;
  /** What withDependency() can add; the manifest that gains it, and the lockfile. */
  readonly dependency: { readonly names: readonly string[]; readonly paths: readonly string[] };
}

/** Small, without dependencies or install scripts of their own, and in none of the projects yet. */
const DEPENDENCIES = ['mitt', 'mri', 'nanoevents'] as const;
const NPM_FILES = ['package.json', 'package-lock.json'];

export const projects: readonly Project[] = [
  {
    name: 'vite-react',
    manager: 'npm',
    command: 'npm run build',
    dist: 'dist',
    oneLine: { path: 'src/App.jsx', edit: lineWith('leaves eaten') },
    dependency: { names: DEPENDENCIES, paths: NPM_FILES },
  },
  {
    name: 'next',
    manager: 'npm',
    command: 'npm run build',
    dist: 'out',
    oneLine: { path: 'lib/topics.js', edit: lineWith('Fur keeps it out') },
    dependency: { names: DEPENDENCIES, paths: NPM_FILES },
  },
  {
    name: 'astro',
    manager: 'npm',
    command: 'npm run build',
    dist: 'dist',
    oneLine: { path: 'src/content/docs/note-150.md', edit: lineWith('the first paragraph') },
    dependency: { names: DEPENDENCIES, paths: NPM_FILES },
  },
  {
    name: 'monorepo',
    manager: 'pnpm',
    command: 'pnpm run build',
    dist: 'apps/web/dist',
    oneLine: { path: 'packages/lib-1/src/words.js', edit: lineWith('a word of lib-1') },
    dependency: { names: DEPENDENCIES, paths: ['apps/web/package.json', 'pnpm-lock.yaml'] },
  },
];

/** The app of the monorepo, and what it is built from. */
export const app = {
  root: 'apps/web',
  name: '@bench/web',
  command: `pnpm --filter '@bench/web...' run build`,
  sources: ['apps/web', ...range(9).map((number) => `packages/lib-${number}`)],
  /** A change that is not seen in its artifact. */
  unrelatedLine: { path: 'packages/notes/notes.md', edit: lineWith('a note') },
} as const;

/** Writes a project, complete with its lockfile, to a directory. */
export async function prepare(name: string, directory: string): Promise<void> {
  const source = name === 'vite-react' ? join(FIXTURES, name) : join(PROJECTS, name);
  await cp(source, directory, { recursive: true, filter: (path) => !path.endsWith('.patch') });
  for (const [path, content] of Object.entries(generated(name))) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/**
 * The files of a project with a dependency added to it, and none of the others. They are kept as what the package
 * manager changed, as a whole lockfile for each dependency would be a hundred times as much.
 */
export async function withDependency(project: Project, dependency: string): Promise<Files> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-bench-'));
  try {
    await prepare(project.name, directory);
    const patch = join(PROJECTS, project.name, `with-${dependency}.patch`);
    await execa('git', ['apply', patch], { cwd: directory });
    const { paths } = project.dependency;
    const contents = await Promise.all(paths.map((path) => readFile(join(directory, path), 'utf8')));
    return Object.fromEntries(paths.map((path, index) => [path, contents[index] ?? '']));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What is too repetitive to be kept in files. */
function generated(name: string): Files {
  if (name === 'astro') return Object.assign({}, ...range(300).map(note));
  if (name === 'monorepo') return Object.assign({}, NOTES, ...range(9).map(library));
  return {};
}

function note(number: number): Files {
  const id = String(number).padStart(3, '0');
  const sections = range(4).map(
    (section) => `
## Section ${section}

Note ${number} says this in **section ${section}**, with a [link](/note-${id}/) and \`some code\`.

- an item
- another one, *emphasised*

\`\`\`js
export const leaves = Array.from({ length: ${number + section} }, (_, index) => ({ index, eaten: index % 2 === 0 }));
\`\`\`
`,
  );
  const head = `---\ntitle: Note ${number}\n---\n\nThis is the first paragraph.\n`;
  return { [`src/content/docs/note-${id}.md`]: head + sections.join('') };
}

const NOTES: Files = {
  'packages/notes/package.json': '{ "name": "@bench/notes", "private": true }\n',
  'packages/notes/notes.md': 'a note\n',
};

/** One of three layers of three: each library uses the one below it, and some use a package of the registry. */
function library(number: number): Files {
  const below = number > 3 ? `@bench/lib-${number - 3}` : undefined;
  const use = USES[number];
  const manifest = {
    name: `@bench/lib-${number}`,
    version: '1.0.0',
    type: 'module',
    exports: './dist/index.js',
    scripts: {
      build: 'esbuild src/index.js --bundle --packages=external --format=esm --outfile=dist/index.js',
    },
    dependencies: {
      ...(below ? { [below]: 'workspace:*' } : {}),
      ...(use ? { [use.package]: use.version } : {}),
    },
    devDependencies: { esbuild: '0.28.2' },
  };
  const index = [
    below ? `import { words as below } from '${below}';` : `const below = (of) => \`about \${of}:\`;`,
    use ? `import { ${use.name} as used } from '${use.package}';` : 'const used = String;',
    `import { numbers } from './numbers.js';`,
    `import { own } from './words.js';`,
    '',
    "export const words = (of) => [below(of), own, numbers(9), typeof used].join(' ');",
    '',
  ];
  const at = `packages/lib-${number}`;
  return {
    [`${at}/package.json`]: `${JSON.stringify(manifest, null, 2)}\n`,
    [`${at}/src/index.js`]: index.join('\n'),
    [`${at}/src/numbers.js`]: `export const numbers = (count) => Array.from({ length: count }, (_, n) => n * ${number}).join('-');\n`,
    [`${at}/src/words.js`]: `export const own = 'a word of lib-${number}';\n`,
  };
}

const USES: Record<number, { package: string; version: string; name: string }> = {
  1: { package: 'clsx', version: '2.1.1', name: 'clsx' },
  2: { package: 'dequal', version: '2.0.3', name: 'dequal' },
  5: { package: 'dset', version: '3.1.4', name: 'dset' },
  9: { package: 'klona', version: '2.0.6', name: 'klona' },
};

let edits = 0;

/** Numbers the line that has these words. */
function lineWith(words: string): (content: string) => string {
  return (content) => {
    if (!content.includes(words)) throw new Error(`nothing says "${words}"`);
    edits += 1;
    return content.replace(new RegExp(`${words}( no\\. \\d+)?`), `${words} no. ${edits}`);
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
