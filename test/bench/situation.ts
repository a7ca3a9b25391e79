// One row of the bench: everyone builds the same commits in the same rounds, so that what else the machine does falls on all of them.
import type { Contender } from './contender.js';
import { median, seconds } from './measure.js';
import type { Row } from './report.js';

export interface Situation {
  project: string;
  name: string;
  rounds: number;
  contenders: readonly Contender[];
  /** What happens to the branch before each round. */
  change?: () => Promise<void>;
  isCold?: boolean;
}

/** Times it. */
export async function timeSituation(situation: Situation): Promise<Row> {
  const { project, name, rounds, contenders, change, isCold } = situation;
  const taken = new Map<string, number[]>(contenders.map((contender) => [contender.name, []]));
  for (let round = 0; round < rounds; round++) {
    await change?.();
    for (const contender of contenders) {
      if (isCold) await contender.cool();
      await contender.prepare?.();
      taken.get(contender.name)?.push(await seconds(() => contender.build()));
      await contender.settle?.();
    }
  }
  const medians = Object.fromEntries([...taken].map(([builder, times]) => [builder, median(times)]));
  const said = Object.entries(medians).map(([builder, value]) => `${builder} ${value.toFixed(2)} s`);
  process.stderr.write(`${project}, ${name}: ${said.join(', ')}\n`);
  return { project, situation: name, medians };
}
