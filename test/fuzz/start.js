// npm run fuzz, npm run fuzz:history: reads the flags, and runs the search or the long history with vitest.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    path: { type: 'string' },
    minutes: { type: 'string', default: '20' },
    lanes: { type: 'string', default: '2' },
    without: { type: 'string', multiple: true, default: [] },
    ignore: { type: 'string', multiple: true, default: [] },
    only: { type: 'boolean', default: false },
    history: { type: 'boolean', default: false },
    builds: { type: 'string', default: '300' },
    report: { type: 'string' },
  },
});
const { seed, path, minutes, lanes, builds, history, ...others } = values;
const numbers = {
  seed: Number(seed),
  minutes: Number(minutes),
  lanes: path ? 1 : Number(lanes),
  builds: Number(builds),
};
const wrong = Object.entries(numbers).find(([, number]) => !(number >= 0));
if (wrong) throw new Error(`--${wrong[0]} must be a number`);
if (!history) console.log(`seed ${seed}`);
const config = new URL('./vitest.config.ts', import.meta.url).pathname;
const args = ['vitest', 'run', '--config', config, history ? 'months.test.ts' : 'fuzz.test.ts'];
const env = { ...process.env, FUZZ: JSON.stringify({ ...numbers, path, ...others }) };
spawn('npx', args, { stdio: 'inherit', env }).once('exit', (code) => {
  process.exitCode = code ?? 1;
});
