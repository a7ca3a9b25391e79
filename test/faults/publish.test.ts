// koalaci dies while it publishes: records, artifacts and objects agree all the same, and what is left goes with a prune.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prune } from '../../src/archives/prune.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

const SLOW = 90_000;
const NONE = Number.POSITIVE_INFINITY;
const RULES = { age: NONE, projectCount: NONE, projectBytes: NONE, count: NONE, bytes: NONE };
/** Enough to be met in its middle. */
const COMMAND =
  'for n in $(seq 200); do echo "$RANDOM $n" >public/$n.txt; done; head -c 10M /dev/urandom >public/large';
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const filesIn = (place: string) =>
  readdir(join(koalaci.home, place), { recursive: true }).catch(() => [] as string[]);
const objects = async () => (await filesIn('objects')).filter((name) => /-[0-7]{3}$/.test(name));
const published = (end: string) =>
  filesIn('artifacts').then((names) => names.some((name) => name.endsWith(end)));

/** What a killed build has come to when it is killed. */
const POINTS: [string, () => Promise<boolean>][] = [
  ['half of the objects', async () => (await objects()).length > 100],
  ...(WHOLE
    ? ([
        ['the first object', async () => (await objects()).length > 0],
        ['the archive', () => published('.tar.gz')],
        ['the list', () => published('.partial')],
        ['the large object', async () => (await objects()).length > 200],
        ['the manifest', () => published('.json')],
      ] as [string, () => Promise<boolean>][])
    : []),
];

it.each(POINTS)(
  'killed at %s, a build leaves nothing that the next prune does not take',
  async (_, isReached) => {
    const repo = await repoOf('static');
    const args = jobArgs(repo, { id: 'd1', command: COMMAND });
    const build = koalaci.start(args);
    await until(isReached);
    build.kill('SIGKILL');
    await build;
    // The process that packs ends by itself.
    await until(
      async () => (await disagreements()).length === 0,
      SLOW,
      async () => `${await disagreements()}`,
    );
    const again = await koalaci.run(args);
    expect(again.exitCode, again.stderr).toBe(0);
    await pruneAll();
    expect((await objects()).length).toBe(await shippedFiles());
    // What is said of the artifact is written later, when nobody waits.
    const partials = async () => (await filesIn('.')).filter((name) => name.endsWith('.partial'));
    await until(
      async () => (await partials()).length === 0,
      SLOW,
      async () => `${await partials()}`,
    );
    expect(await disagreements()).toEqual([]);
    expect((await koalaci.run(['artifacts', 'rm', 'd1'])).exitCode).toBe(0);
    await pruneAll();
    expect(await objects()).toEqual([]);
  },
  SLOW,
);

/** The findings of `koalaci doctor --deep` that name what does not agree. */
async function disagreements(): Promise<string[]> {
  const { stdout } = await koalaci.run(['doctor', '--deep', '--json']);
  const findings = JSON.parse(stdout) as { check: string; level: string; found: string }[];
  const deep = ['artifacts', 'records', 'logs', 'objects', 'deep'];
  return findings.flatMap(({ check, level, found }) =>
    deep.includes(check) && level === 'error' ? [`${check}: ${found}`] : [],
  );
}

/** As if an hour had passed. */
async function pruneAll(): Promise<void> {
  const redis = koalaci.redis?.client();
  if (!redis) throw new Error('no Redis');
  const [directory, at] = [join(koalaci.home, 'artifacts'), join(koalaci.home, 'objects')];
  const artifacts = { directory, flat: false, objects: at };
  await prune(redis, { artifacts, rules: RULES, dryRun: false, noticeMs: 0, objectAgeMs: -1 });
  redis.disconnect();
}

async function shippedFiles(): Promise<number> {
  const { stdout } = await koalaci.run(['artifacts', 'ls', PROJECT, '--json']);
  const [{ files } = { files: 0 }] = JSON.parse(stdout) as { files: number }[];
  return files;
}
