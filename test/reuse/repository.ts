// The generated monorepo as a repository that can be built: with manifests, a build script, and the lockfile that its package manager
// writes. It has no packages of a registry.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { commit, git } from '../support/repo.js';
import { change, firstMonorepo, type Manager, type Monorepo, randomFrom } from './model.js';

/** What a build reads: its own files, those of the packages that it needs, what is at the top, and what `reads` says. */
const BUILD = `
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
const top = dirname(import.meta.filename);
const [seen, done] = [{}, new Set()];
const add = (file) => (seen[relative(top, file)] = readFileSync(file, 'utf8'));
const walk = (directory) => {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (['node_modules', 'dist'].includes(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (entry.name !== 'package.json') add(path);
  }
};
const installed = (from, name) => {
  const path = join(from, 'node_modules', name);
  return existsSync(path) ? realpathSync(path) : installed(dirname(from), name);
};
const use = (directory) => {
  if (done.has(directory)) return;
  done.add(directory);
  walk(directory);
  const { dependencies = {} } = JSON.parse(readFileSync(join(directory, 'package.json')));
  for (const name of Object.keys(dependencies)) use(installed(directory, name));
};
use(process.cwd());
for (const name of ['README.md', 'tsconfig.json']) add(join(top, name));
const { reads = {} } = JSON.parse(readFileSync('package.json'));
if (reads.file && existsSync(join(top, reads.file))) add(join(top, reads.file));
for (const parent of reads.glob ? ['apps', 'packages'] : [])
  for (const name of readdirSync(join(top, parent)))
    if (existsSync(join(top, parent, name, reads.glob))) add(join(top, parent, name, reads.glob));
mkdirSync('dist', { recursive: true });
writeFileSync('dist/all.json', JSON.stringify(Object.entries(seen).sort()));
`;

const RANGES: Record<Manager, string> = { npm: '*', yarn: '*', pnpm: 'workspace:*', berry: 'workspace:*' };
export const SCRIPTS: Record<Manager, string> = {
  npm: 'npm run build',
  pnpm: 'pnpm run build',
  yarn: 'yarn build',
  berry: 'yarn build',
};

/** What writes a lockfile. yarn 1 has nothing to write there. */
const LOCKERS: Record<Manager, string[]> = {
  npm: ['npm', 'install', '--package-lock-only', '--offline', '--no-audit', '--no-fund'],
  pnpm: ['npx', '-y', 'pnpm@10.15.0', 'install', '--lockfile-only', '--offline'],
  yarn: ['sh', '-c', 'printf "# yarn lockfile v1\\n\\n\\n" >yarn.lock'],
  berry: ['npx', '-y', '-p', '@yarnpkg/cli-dist@4.9.2', 'yarn', 'install', '--mode=update-lockfile'],
};

/** Makes a repository with so many commits. Returns these, the oldest first. */
export async function monorepoHistory(
  manager: Manager,
  { commits: count, seed }: { commits: number; seed: number },
): Promise<{ repo: string; commits: string[]; apps: string[] }> {
  const repo = await mkdtemp(join(tmpdir(), 'koala-monorepo-'));
  const model = firstMonorepo(manager);
  const random = randomFrom(seed);
  await git(repo, 'init', '--quiet', '--initial-branch', 'main');
  const commits: string[] = [];
  for (let at = 0; at < count; at++) {
    if (at > 0) change(model, random, at);
    for (const place of ['apps', 'packages']) await rm(join(repo, place), { recursive: true, force: true });
    await write(repo, filesOf(model));
    // Which may write manifests in another way.
    if (await lock(repo, manager)) await write(repo, filesOf(model));
    commits.push(await commit(repo));
  }
  return { repo, commits, apps: Object.keys(model.members).filter((one) => one.startsWith('apps/')) };
}

function filesOf({ manager, members, root }: Monorepo): Record<string, string> {
  const top = { name: 'root', private: true, workspaces: ['apps/*', 'packages/*'] };
  const files: Record<string, string> = { ...root, 'build.mjs': BUILD, 'package.json': json(top) };
  files['.gitignore'] = 'node_modules\n.yarn\n.pnp.*\n';
  if (manager === 'pnpm') files['pnpm-workspace.yaml'] = "packages:\n  - 'apps/*'\n  - 'packages/*'\n";
  if (manager === 'berry') files['.yarnrc.yml'] = 'nodeLinker: node-modules\nenableTelemetry: false\n';
  for (const [directory, { name, files: own, needs, reads }] of Object.entries(members)) {
    const dependencies = Object.fromEntries(needs.map((one) => [one, RANGES[manager]]));
    const scripts = { build: 'node ../../build.mjs' };
    files[`${directory}/package.json`] = json({ name, version: '1.0.0', scripts, dependencies, reads });
    for (const [path, text] of Object.entries(own)) files[`${directory}/${path}`] = text;
  }
  return files;
}

const written = new Map<string, string>();

async function write(repo: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repo, path)), { recursive: true });
    await writeFile(join(repo, path), text);
  }
  written.set(repo, json(Object.entries(files).filter(([path]) => path.endsWith('package.json'))));
}

const locked = new Map<string, string>();

/** Has the lockfile written, if manifests have changed. Returns whether they have. */
async function lock(repo: string, manager: Manager): Promise<boolean> {
  const manifests = written.get(repo);
  if (locked.get(repo) === manifests) return false;
  const [command = '', ...args] = LOCKERS[manager];
  await execa(command, args, { cwd: repo, env: { YARN_ENABLE_IMMUTABLE_INSTALLS: '0', CI: '' } });
  locked.set(repo, manifests ?? '');
  return true;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
