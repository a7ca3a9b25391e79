// A Docker engine of a test's own, with the builder image, that can be killed, stopped and rebooted. Needs root.
import { mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { BUILDER } from './builder-image.js';
import { docker } from './docker.js';
import { EngineBox } from './engine-box.js';

/** To load the image takes twenty seconds, so data roots that have it are kept: here, for a day after their last use. */
const KEPT = join(tmpdir(), 'koala-engine-of-');
const DAY_MS = 86_400_000;

/** Whether this machine can run a second engine. */
export const canRunEngines = process.platform === 'linux' && process.getuid?.() === 0;

/** Starts an engine that has the builder image under its name. It ends, and all that it runs, when it is disposed of. */
export async function ownEngine(): Promise<EngineBox> {
  const image = await docker('image', 'inspect', '--format', '{{.Id}}', BUILDER);
  const kept = await keptRoot(image);
  const directory = await mkdtemp(join(tmpdir(), 'koala-engine-'));
  const engine = new EngineBox(directory);
  try {
    await copyRoot(kept, join(directory, 'data'));
    await engine.up();
    await engine.docker('tag', image, BUILDER);
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** The data root that has the image. Makes it if there is none. */
async function keptRoot(image: string): Promise<string> {
  const kept = KEPT + image.replace('sha256:', '').slice(0, 12);
  await forgetOld();
  const now = new Date();
  const isThere = await utimes(kept, now, now).then(
    () => true,
    () => false,
  );
  return isThere ? kept : makeRoot(image, kept);
}

async function makeRoot(image: string, kept: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-engine-'));
  await using engine = new EngineBox(directory);
  await engine.up();
  const copy = 'docker save "$1" | DOCKER_HOST=$2 docker load';
  await execa('bash', ['-o', 'pipefail', '-c', copy, 'bash', image, engine.env.DOCKER_HOST]);
  await engine.end();
  // Another test may have made it meanwhile.
  await rename(join(directory, 'data'), kept).catch(() => {});
  return kept;
}

/** Layers are never changed, so their files are linked; those of databases are copied. */
async function copyRoot(from: string, to: string): Promise<void> {
  await execa('cp', ['--archive', '--link', from, to]);
  const find = `find . -path ./overlay2 -prune -o -name '*.db' -print0`;
  const copy = `cd "$1" && ${find} | xargs -0 cp --parents --preserve --remove-destination -t "$2"`;
  await execa('bash', ['-c', copy, 'bash', from, to]);
}

async function forgetOld(): Promise<void> {
  const names = await readdir(tmpdir());
  for (const path of names.map((name) => join(tmpdir(), name)).filter((name) => name.startsWith(KEPT))) {
    const used = (await stat(path)).mtimeMs;
    if (Date.now() - used > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}
