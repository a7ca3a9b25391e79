// 300 warm builds in a row: no slower at the end than at the start, no larger, and as right.
import { createCipheriv } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { differences } from './building/compare.js';
import { Lane, newId, type Order } from './building/lane.js';
import type { Project } from './project/model.js';
import { SAMPLE } from './project/sample.js';

const MINUTES = 60_000;
const { builds = 300 } = JSON.parse(process.env.FUZZ ?? '{}') as { builds?: number };
/** Where the artifact is compared with a clean build's. */
const COMPARED = new Set([1, Math.round(builds / 3), Math.round((2 * builds) / 3), builds]);
/** So many builds at each end are timed. */
const ENDS = 20;

let lane: Lane;
beforeAll(async () => {
  lane = await Lane.open();
});
afterAll(() => lane[Symbol.asyncDispose]());

it(
  'a long history stays as quick, as small and as right as it was',
  async () => {
    const id = newId('months');
    const times: number[] = [];
    let order: Order = { project: SAMPLE, id, url: await lane.push({ project: SAMPLE }) };
    expect((await lane.build(order)).result.ending).toBe('READY 0');
    for (let count = 1; count <= builds; count++) {
      const project = stateAt(count);
      order = { project, id, url: await lane.push({ project }) };
      await lane.rested(id);
      const started = performance.now();
      const built = await lane.build(order);
      times.push(performance.now() - started);
      expect(built.warm, `build ${count}`).toBe(true);
      expect(built.result.ending).toBe('READY 0');
      if (COMPARED.has(count)) await compare(order, built.result, count);
    }
    await lane.rested(id);
    const [first, last] = [middle(times.slice(0, ENDS)), middle(times.slice(-ENDS))];
    const [grown, fresh] = [await lane.size(id), await sizeOfFresh(order)];
    console.log(
      `${builds} builds: the first ${ENDS} ${seconds(first)}, the last ${ENDS} ${seconds(last)} (${(last / first).toFixed(2)})`,
    );
    console.log(
      `snapshot ${megabytes(grown)}, a fresh one ${megabytes(fresh)} (${(grown / fresh).toFixed(2)})`,
    );
    await lane.forget(id);
    expect(last / first).toBeLessThanOrEqual(1.05);
    expect(grown / fresh).toBeLessThanOrEqual(1.5);
  },
  (30 + builds / 4) * MINUTES,
);

/** What most repositories are full of: files that never change, and that do not compress. */
const PICTURES = Object.fromEntries(
  Array.from({ length: 8 }, (_, at) => [`public/picture-${at}.txt`, { text: noise(at, 2_000_000) }]),
);

/** Text of so many letters, the same for the same seed. */
function noise(seed: number, letters: number): string {
  const key = Buffer.alloc(32, seed);
  const bytes = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc((letters * 3) / 4));
  return bytes.toString('base64');
}

/** Mostly a source file changes, sometimes a big one, a dependency, a workspace or an asset more. */
function stateAt(count: number): Project {
  const big = Array.from({ length: 20_000 }, (_, line) => `${Math.floor(count / 10)} ${line * 7919}`).join(
    '\n',
  );
  const steady = {
    ...SAMPLE.dependencies,
    alpha: { form: 'tarball' as const, version: 1, body: Math.floor(count / 25) },
  };
  return {
    ...SAMPLE,
    files: {
      ...SAMPLE.files,
      ...PICTURES,
      'src/a.js': { text: `change ${count}\n` },
      [`src/page-${count % 30}.js`]: { text: `page ${count}\n` },
      'public/big.txt': { text: `${big}\n` },
    },
    dependencies: count % 50 < 25 ? steady : { ...steady, next: { form: 'tarball', version: 2, body: 3 } },
    habits: ['fills caches of tools', 'leaves files', 'writes into the home directory'],
  };
}

async function compare(order: Order, warm: Record<string, string>, count: number): Promise<void> {
  const id = newId('months-clean');
  const clean = await lane.build({ ...order, id, clean: true });
  await lane.forget(id);
  expect(differences(clean.result, warm), `build ${count}`).toEqual([]);
}

async function sizeOfFresh(order: Order): Promise<number> {
  const id = newId('months-fresh');
  await lane.build({ ...order, id });
  await lane.rested(id);
  const size = await lane.size(id);
  await lane.forget(id);
  return size;
}

function middle(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
