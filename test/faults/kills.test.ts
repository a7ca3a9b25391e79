// Whatever dies while jobs are built: no job is lost, and nothing stays.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FINAL_WITHIN_MS } from '../../src/settings/timing.js';
import { Daemon } from '../support/daemon.js';
import type { EngineBox } from '../support/engine-box.js';
import { Jobs, openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { canRunEngines, ownEngine } from '../support/own-engine.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

const KILLS = WHOLE ? 100 : 2;
const JOBS = WHOLE ? 200 : 4;
const SEED = Number(process.env.FAULTS_SEED ?? (WHOLE ? Date.now() % 1_000_000 : 1));
/** What a build of a dead runner was saving is waited for. */
const SAVING_MS = 30_000;
/** A job ends within this time after the last kill, those before it in the queue too. */
const PATIENCE_MS = FINAL_WITHIN_MS + SAVING_MS + JOBS * 4_000;

/** Numbers in [0, 1) that only depend on the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each kills one thing, and has it come back. */
function victims(parts: { engine: EngineBox; koalaci: Koalaci; jobs: Jobs; workers: Daemon[] }) {
  const { engine, koalaci, jobs, workers } = parts;
  const work = () => Daemon.start(koalaci, ['worker', '--concurrency', '2'], engine.env);
  return {
    async daemon() {
      await jobs.server.stop('SIGKILL');
      jobs.server = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], engine.env);
    },
    async worker() {
      await workers.shift()?.stop('SIGKILL');
      workers.push(await work());
    },
    async redis() {
      await koalaci.redis?.kill();
      await koalaci.redis?.up();
    },
    async engine() {
      await engine.end('SIGKILL');
      await engine.up();
    },
    async container() {
      const [one] = (await engine.docker('ps', '--quiet', '--filter', 'label=koalaci.job')).split('\n');
      // It may have ended.
      if (one) await engine.docker('kill', one).catch(() => {});
    },
  };
}

it.runIf(canRunEngines)(
  `${KILLS} kills over ${JOBS} jobs, seed ${SEED}: each job ends, each artifact is whole, nothing is left`,
  async () => {
    await using engine = await ownEngine();
    const koalaci = await Koalaci.open();
    const repo = await openRepo();
    const jobs = await Jobs.at(
      koalaci,
      await Daemon.start(koalaci, ['serve', '--concurrency', '1'], engine.env),
    );
    const workers = [await Daemon.start(koalaci, ['worker', '--concurrency', '2'], engine.env)];
    const ids = Array.from({ length: JOBS }, (_, n) => `job-${n}`);
    for (const id of ids)
      await jobs.create(
        repo,
        id,
        `echo ${id} >public/id.txt; head -c 2M /dev/urandom >public/large; sleep 1`,
      );

    const random = randomOf(SEED);
    const kill = victims({ engine, koalaci, jobs, workers });
    const names = Object.keys(kill) as (keyof typeof kill)[];
    const over = async () => {
      const seen = (await jobs.ask('GET', '/jobs?limit=1000').catch(() => undefined))?.body.data;
      return ((seen ?? []) as { status: string }[]).filter(({ status }) => /READY|ERROR/.test(status)).length;
    };
    for (let n = 0; n < KILLS; n++) {
      const name = names[Math.floor(random() * names.length)] as keyof typeof kill;
      await kill[name]();
      // Spread over all jobs, so that there is always something to be killed.
      await until(async () => (await over()) >= Math.floor((n * Math.max(0, JOBS - 6)) / KILLS), PATIENCE_MS);
    }

    const ends = [];
    for (const id of ids) ends.push(await jobs.end(id, PATIENCE_MS));
    const wrong = ends.filter(({ status, reason }) => status !== 'READY' && reason !== 'runner_lost');
    expect(wrong).toEqual([]);
    const ready = ends.filter(({ status }) => status === 'READY');
    // For the table of a long run.
    if (WHOLE) console.log(`seed ${SEED}: ${ready.length} of ${JOBS} READY, the others were lost twice`);
    for (const { deployment } of ready)
      expect((await jobs.whole(deployment))['id.txt']).toBe(`${deployment}\n`);
    const saved = ready.map(({ deployment }) => deployment);
    await until(async () => (await leftOn(engine, saved)).length === 0, FINAL_WITHIN_MS);
    await until(async () => (await partials(koalaci)).length === 0, FINAL_WITHIN_MS);
    const redis = koalaci.redis?.client();
    await until(async () => (await redis?.keys('koalaci:queue:jobs:job-*'))?.length === 0, FINAL_WITHIN_MS);
    await until(
      async () => (await redis?.keys('koalaci:{slots,parked,lease,unfinished}*'))?.length === 0,
      FINAL_WITHIN_MS,
    );
    redis?.disconnect();
    for (const daemon of [...workers, jobs.server]) expect(await daemon.stop()).toBe(0);
    await koalaci.close();
  },
  PATIENCE_MS + KILLS * 30_000,
);

/** Containers of builds that are not READY. Those of READY ones are being saved, and go after half an hour if their saver died. */
async function leftOn(engine: EngineBox, ready: string[]): Promise<string[]> {
  const format = '{{.Label "koalaci.job"}}';
  const of = await engine.docker('ps', '--all', '--filter', 'label=koalaci.job', '--format', format);
  return of.split('\n').filter((job) => job !== '' && !ready.includes(job.replace('ann:', '')));
}

async function partials({ home }: Koalaci): Promise<string[]> {
  const files = await readdir(join(home, 'artifacts'), { recursive: true });
  return files.filter((file) => file.endsWith('.partial'));
}
