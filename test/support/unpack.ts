// Unpacks an archive with every tool that Debian has, and finds what of it is outside, or leads there.
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

/** Shell commands that unpack "$1" into the current directory, trusting it as far as the tool can. */
const TOOLS: Record<string, string> = {
  'GNU tar': 'tar -xpf "$1"',
  'GNU tar, absolute names': 'tar -xpPf "$1"',
  bsdtar: 'bsdtar -xpf "$1"',
  'bsdtar, trusting': 'bsdtar -xpPf "$1"',
  'busybox tar': 'busybox tar -xzf "$1"',
  '7z': '7z x -so "$1" | 7z x -y -si -ttar -snld >/dev/null',
  cpio: 'gzip -dc "$1" | cpio -idmu --quiet',
  'Python tarfile':
    'python3 -c "import sys, tarfile; tarfile.open(sys.argv[1], errors=\'surrogateescape\').extractall()" "$1"',
  'node-tar': `node -e "require('${createRequire(import.meta.url).resolve('tar')}').x({ file: process.argv[1], sync: true, preservePaths: true })" "$1"`,
};

export interface Unpacked {
  tool: string;
  /** Where it was unpacked; three directories below `box`. */
  root: string;
  /** What the tool changed outside, and the links inside that lead out. */
  outside: string[];
}

/** Unpacks an archive with each tool, into a box with something in it that is not to be touched. */
export async function unpackedByAll(archive: string): Promise<{ all: Unpacked[] } & AsyncDisposable> {
  const work = await mkdtemp(join(tmpdir(), 'koala-unpack-'));
  const all: Unpacked[] = [];
  for (const [tool, command] of Object.entries(TOOLS)) {
    const box = join(work, String(all.length));
    const root = join(box, 'a/b/c');
    await mkdir(root, { recursive: true });
    for (const name of ['canary', 'a/canary', 'a/b/canary']) await writeFile(join(box, name), 'alive');
    const before = await around(box, root);
    // Some tools refuse some entries. What counts is where the others are.
    await execa('bash', ['-c', command, '_', archive], { cwd: root, reject: false, preferLocal: false });
    const after = await around(box, root);
    const changed = [...new Set([...before, ...after])].filter(
      (at) => !(before.includes(at) && after.includes(at)),
    );
    all.push({ tool, root, outside: [...changed, ...(await linksOut(root, root))] });
  }
  return { all, [Symbol.asyncDispose]: () => rm(work, { recursive: true, force: true }) };
}

/** The paths and contents of a box without what is in `root`. */
async function around(box: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(box, { withFileTypes: true })) {
    const path = join(box, entry.name);
    if (path === root) continue;
    found.push(entry.isFile() ? `${path}: ${await readFile(path, 'utf8')}` : path);
    if (entry.isDirectory()) found.push(...(await around(path, root)));
  }
  return found;
}

/** The links in a directory that lead out of `root`, step by step as the kernel follows them. */
async function linksOut(directory: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(bytes(directory), { withFileTypes: true, encoding: 'buffer' })) {
    const path = `${directory}/${entry.name.toString('latin1')}`;
    if (entry.isSymbolicLink() && (await leadsOut(path, root))) found.push(`${path} leads out`);
    if (entry.isDirectory()) found.push(...(await linksOut(path, root)));
  }
  return found;
}

/** Paths here have a character for each byte: not all are UTF-8. */
function bytes(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

async function leadsOut(link: string, root: string): Promise<boolean> {
  let at = dirname(link);
  const todo = [link.slice(at.length + 1)];
  for (let steps = 0; todo.length > 0 && steps < 1_000; steps++) {
    const next = resolve(at, todo.shift() as string);
    if (next !== root && !next.startsWith(`${root}/`)) return true;
    const found = await lstat(bytes(next)).catch(() => undefined);
    if (!found?.isSymbolicLink()) {
      at = next;
      continue;
    }
    const target = (await readlink(bytes(next), { encoding: 'buffer' })).toString('latin1');
    if (target.startsWith('/')) return true;
    todo.unshift(...target.split('/'));
    at = dirname(next);
  }
  return false;
}
