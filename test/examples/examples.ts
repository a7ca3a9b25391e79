// npm run examples: builds projects of many frameworks cold, warm after an edit, and clean at the same commit, and compares.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { drawTable } from '../../src/ui/table.js';
import { GitServer } from '../support/git-server.js';
import { RedisServer } from '../support/redis-server.js';
import { git } from '../support/repo.js';
import { forget } from '../support/snapshots.js';
import { build, keptCaches, type Workshop } from './build.js';
import { bundlers } from './bundlers.js';
import { judge, type Verdict } from './compare.js';
import type { Example } from './example.js';
import { FIRST, generate, SECOND } from './generate.js';
import { shapes } from './shapes.js';
import { sites } from './sites.js';
import { starters } from './starters.js';
import { written } from './written.js';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    /** Where the generated repositories stay, to be used again. */
    work: { type: 'string' },
    json: { type: 'string', default: join(tmpdir(), 'koalaci-examples.json') },
  },
});
const PASSWORD = 'examples';
const examples = [...shapes, ...written, ...sites, ...bundlers, ...starters].filter(
  ({ name }) => flags.only?.includes(name) ?? true,
);
if (examples.length === 0) throw new Error(`no example is called ${flags.only?.join(' or ')}`);
const image = process.env.KOALACI_IMAGE || 'koalaci:latest';

const HEAD = ['EXAMPLE', 'MANAGER', 'COLD', 'WARM', 'CLEAN', 'WARM AND CLEAN ARE', 'INSTALL', 'CACHES KEPT'];

interface Row {
  name: string;
  manager: string;
  verdict: Verdict | { kind: 'failed'; why: string };
  cold?: number;
  warm?: number;
  clean?: number;
  installSkipped?: boolean;
  caches?: string[];
}

const work = flags.work ?? (await mkdtemp(join(tmpdir(), 'koala-examples-')));
const home = await mkdtemp(join(tmpdir(), 'koala-home-'));
const redis = await RedisServer.start();
const server = await GitServer.start(work, PASSWORD);
const workshop: Workshop = {
  home,
  env: { KOALACI_HOME: home, REDIS_URL: redis.url, KOALACI_STANDBY: 'off', KOALACI_IMAGE: image },
};

try {
  const init = [new URL('../../bin/koalaci.js', import.meta.url).pathname, 'init', '--user', 'ann'];
  await execa(process.execPath, init, { env: workshop.env });
  const rows: Row[] = [];
  for (const example of examples) {
    const row = await tryExample(example);
    rows.push(row);
    process.stderr.write(`${cellsOf(row).join('  ')}\n`);
    await writeFile(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  process.stdout.write(`${drawTable([HEAD, ...rows.map(cellsOf)]).join('\n')}\n`);
  if (rows.some(({ verdict: { kind } }) => kind === 'DIFFERS' || kind === 'failed')) process.exitCode = 1;
} finally {
  await server.stop();
  await redis.stop();
  await rm(home, { recursive: true, force: true });
  if (!flags.work) await rm(work, { recursive: true, force: true });
}

async function tryExample(example: Example): Promise<Row> {
  const { name, manager } = example;
  const projects = ['warm', 'clean', 'again'].map((what) => `example-${name}-${what}-${process.pid}`);
  try {
    return { name, manager, ...(await threeBuilds(example, projects as [string, string, string])) };
  } catch (error) {
    // A starter or a build that fails says so in its row; the others go on.
    const why = String((error as { all?: string }).all ?? error);
    return { name, manager, verdict: { kind: 'failed', why: why.slice(-3000) } };
  } finally {
    for (const project of projects) await forget(project);
  }
}

async function threeBuilds(
  example: Example,
  [one, other, third]: [string, string, string],
): Promise<Omit<Row, 'name' | 'manager'>> {
  const directory = join(work, example.name);
  const repo = join(directory, 'app');
  if (!existsSync(join(repo, '.git/refs/tags', SECOND))) {
    await rm(directory, { recursive: true, force: true });
    await generate(example, directory, image);
  }
  const url = example.served ? server.withPassword(`${example.name}/app/.git`, PASSWORD) : repo;
  await git(repo, 'update-ref', 'refs/heads/main', FIRST);
  const cold = await build(workshop, example, url, one);
  await git(repo, 'update-ref', 'refs/heads/main', SECOND);
  const warm = await build(workshop, example, url, one);
  const caches = await keptCaches(one);
  const clean = await build(workshop, example, url, other);
  let verdict = judge(warm.files, clean.files, clean.files);
  if (verdict.kind !== 'equal') {
    const again = await build(workshop, example, url, third);
    verdict = judge(warm.files, clean.files, again.files);
  }
  const seconds = { cold: cold.seconds, warm: warm.seconds, clean: clean.seconds };
  return { ...seconds, verdict, installSkipped: warm.installSkipped, caches };
}

function cellsOf({ name, manager, cold, warm, clean, verdict, installSkipped, caches = [] }: Row): string[] {
  const seconds = [cold, warm, clean].map((value) => value?.toFixed(1) ?? '');
  const detail =
    'paths' in verdict ? ` (${verdict.paths.length}: ${verdict.paths.slice(0, 2).join(', ')})` : '';
  const skipped = installSkipped === undefined ? '' : installSkipped ? 'skipped' : 'again';
  return [name, manager, ...seconds, verdict.kind + detail, skipped, caches.join(', ')];
}
