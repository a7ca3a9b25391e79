// npm run reuse: replays long histories of a monorepo with each package manager, and says how many builds were reused.
import { MANAGERS } from './model.js';
import { replay } from './replay.js';

const [, , commits = '300', seeds = '5'] = process.argv;
let isWrong = false;
for (const manager of MANAGERS) {
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const { hits, possible, wrong } = replay(manager, { commits: Number(commits), seed });
    const part = ((hits / possible) * 100).toFixed(1);
    console.log(`${manager} ${seed}: ${hits} of ${possible} possible (${part} %), ${wrong.length} wrong`);
    for (const one of wrong) console.log(`  ${one}`);
    isWrong ||= wrong.length > 0;
  }
}
process.exitCode = isWrong ? 1 : 0;
