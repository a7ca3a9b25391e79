// npm run reuse: replays long histories, and says how many builds were reused.
//
//   npm run reuse                     of a generated monorepo with each package manager; what a build makes is computed, not built
//   npm run reuse -- --built          the same through koalaci, in containers: what is reused is built once more, and compared
//   npm run reuse -- --history PATH   of a repository of this machine; --root, --command, --dist and --manager say how it is built
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { MANAGERS } from './model.js';
import { rebuild } from './rebuilt.js';
import { type Replayed, replay } from './replay.js';
import { monorepoHistory, SCRIPTS } from './repository.js';

const { values: flags } = parseArgs({
  options: {
    built: { type: 'boolean', default: false },
    history: { type: 'string' },
    root: { type: 'string', multiple: true, default: [] },
    command: { type: 'string', default: 'auto' },
    dist: { type: 'string', default: 'auto' },
    manager: { type: 'string', multiple: true, default: [...MANAGERS] },
    commits: { type: 'string', default: '300' },
    seeds: { type: 'string', default: '5' },
    'compare-every': { type: 'string', default: '1' },
  },
});
const commits = Number(flags.commits);
const how = { compareEvery: Number(flags['compare-every']), say: (line: string) => console.log(`  ${line}`) };
const managers = MANAGERS.filter((one) => flags.manager.includes(one));

if (flags.history !== undefined) tell(flags.history, await ofHistory(flags.history));
else if (flags.built) for (const manager of managers) tell(manager, await ofBuilt(manager));
else
  for (const manager of managers)
    for (let seed = 1; seed <= Number(flags.seeds); seed++)
      tell(`${manager} ${seed}`, replay(manager, { commits, seed }));

function tell(what: string, { hits, possible, wrong }: Replayed): void {
  const part = ((hits / possible) * 100).toFixed(1);
  console.log(`${what}: ${hits} of ${possible} possible (${part} %), ${wrong.length} wrong`);
  for (const one of wrong) console.log(`  ${one}`);
  if (wrong.length > 0) process.exitCode = 1;
}

async function ofBuilt(manager: (typeof MANAGERS)[number]): Promise<Replayed> {
  const { repo, commits: made, apps } = await monorepoHistory(manager, { commits, seed: 1 });
  const job = { command: SCRIPTS[manager], dist: 'dist', manager: 'auto' };
  const wanted = apps.filter((one) => flags.root.length === 0 || flags.root.includes(one));
  try {
    return await rebuild({ ...how, repo, commits: made, jobs: wanted.map((root) => ({ root, ...job })) });
  } finally {
    await rm(repo, { recursive: true, force: true });
  }
}

/** The newest commits of its branch, each with its first parent. */
async function ofHistory(repo: string): Promise<Replayed> {
  const { stdout } = await execa('git', [
    ...['-C', repo, 'log', '--first-parent', '--format=%H', `--max-count=${commits}`],
  ]);
  const { command, dist } = flags;
  const [manager = 'auto', ...others] = flags.manager;
  const job = { command, dist, manager: others.length === 0 ? manager : 'auto' };
  const jobs = flags.root.map((root) => ({ root, ...job }));
  return rebuild({ ...how, repo, commits: stdout.split('\n').reverse(), jobs });
}
