// The build command of a generated project: it looks around, ships what it saw, then behaves as builds do.
import { ENDS_BUILD, HABITS } from '../project/habits.js';
import { type Project, rootOf } from '../project/model.js';
import { usedAt } from '../project/packages.js';
import { PUBLISHED } from '../project/published.js';

/** Packages whose caches a warm build keeps, with what a habit writes into it, below the directory of the package that asks for them. */
const TOOLS: Record<string, string> = { next: '.next/cache/entries', turbo: '.turbo/cache/entries' };

/** What a clean build may see otherwise than a warm one, or than another clean one, and why. */
const UNLIKE = [
  ['*/.git', 'made anew in each build; what git says about it is compared'],
  ['*/node_modules/.cache', 'caches of tools: they stay'],
  ['*/node_modules/.modules.yaml', 'pnpm writes the time into it'],
  ['*/node_modules/.pnpm-workspace-state-v1.json', 'pnpm writes the time into it'],
  ['*/.yarn/install-state.gz', 'yarn packs it anew each time'],
] as const;

/** In the home: what package managers keep there. A build that installs nothing has none of their logs. */
const UNLIKE_AT_HOME = [
  '.cache/yarn',
  '.cache/pnpm',
  '.cache/node-gyp',
  '.cache/node',
  '.npm',
  '.bun',
  '.local/share',
  '.local/state',
  '.config/pnpm',
  '.config/yarn',
  '.yarn',
  '.yarnrc',
];

/** The whole command. `end`: what it does at last. */
export function commandOf(project: Project, end = ''): string {
  const depth = rootOf(project) ? '../..' : '.';
  const habits = project.habits.map(
    (name) => `( ${HABITS[name]} ) || [ $? != ${ENDS_BUILD} ] || exit ${ENDS_BUILD}`,
  );
  // Who takes that habit up again is to find its cache empty: a build that failed before is not tried twice.
  if (!project.habits.includes('trips over its own cache')) habits.unshift('rm -f node_modules/.cache/rot');
  return [
    // It looks for much that is not there.
    'set +e +o pipefail',
    lookAround(project, depth),
    `mkdir -p ${project.dist}`,
    // The product of the build: what the project's code finds.
    product(project),
    `mv /tmp/seen.* ${project.dist}/`,
    ...habits,
    end || 'true',
  ].join('\n');
}

/** Writes to /tmp: a directory of its own would be seen. */
function lookAround(project: Project, top: string): string {
  const caches = toolCaches(project);
  const inTree = prune([...UNLIKE.map(([path]) => path), ...caches.map((path) => `./${path}`)]);
  const atHome = prune(UNLIKE_AT_HOME.map((path) => `./${path}`));
  // A directory that has nothing but a cache in it stays with it.
  const list = (not: string, around: string[], name: string) =>
    `find . ${not} -printf '%P %y %m %l\\n' | LC_ALL=C sort | grep -vxE '(${around.join('|')}) d 755 ' >/tmp/seen.${name}
  find . ${not} -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum 2>&1 | cut -c 1-12,65- >>/tmp/seen.${name}`;
  return `rm -f /tmp/seen.*
( cd ${top}; ${list(inTree, ['(.*/)?node_modules', ...caches.flatMap(parentsOf)], 'tree')}
  { git rev-parse 'HEAD^{tree}'; git branch --show-current; git config --list --local | sort; git ls-files --stage
    git status --porcelain | grep -vE 'node_modules|[.]next|[.]turbo|my-cache'; git submodule status; } >/tmp/seen.git 2>&1 )
( cd ~; ${list(atHome, ['[.]local', '[.]config', '[.]cache'], 'home')} )
env | grep -vE '^(_|KOALACI_(DEPLOYMENT|PROJECT))=' | sort >/tmp/seen.env`;
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function prune(paths: string[]): string {
  return `\\( ${paths.map((path) => `-path '${path}'`).join(' -o ')} \\) -prune -o`;
}

/** The caches that stay although git does not track them, relative to the repository. */
function toolCaches(project: Project): string[] {
  const own = project.plain ? [] : project.cache.map((path) => `${path}entries`);
  const kept = Object.entries(TOOLS).flatMap(([name, path]) => {
    const dependency = project.dependencies[name];
    if (!dependency || project.plain) return [];
    const at = usedAt(project, dependency);
    return [at ? `packages/${at}/${path}` : path];
  });
  return [...kept, ...own];
}

function product(project: Project): string {
  const asked = { ...project.dependencies, ...project.workspaces };
  const names = [...Object.keys(asked), PUBLISHED, 'ghost'].sort();
  const code = `for (const name of '${names.join(' ')}'.split(' ')) { try { console.log(name, require(name), name === '${PUBLISHED}' && require(name + '/package.json').version); } catch (error) { console.log(name, error.code); } }`;
  const hook = '[ ! -f .pnp.cjs ] || export NODE_OPTIONS="--require=$PWD/.pnp.cjs"';
  return `( ${hook}; node -e "${code}" ) >/tmp/seen.product 2>&1; node --version >>/tmp/seen.product; cat made.txt generated/client.txt node_modules/.made/x >>/tmp/seen.product 2>/dev/null; true`;
}
