// Prints the attack suite's result as a table: a row for each group.
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

interface Row {
  group: string;
  held: number;
  broken: number;
  todo: number;
  seconds: number;
}

export class Table implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => [...module.children.suites()].map(rowOf));
    console.log(`\n${tableOf(rows)}`);
  }
}

function rowOf(group: TestSuite): Row {
  const cases = [...group.children.allTests()];
  const count = (state: string) => cases.filter((one) => one.result().state === state).length;
  const ms = cases.reduce((sum, one) => sum + (one.diagnostic()?.duration ?? 0), 0);
  return {
    group: group.name,
    held: count('passed'),
    broken: count('failed') + count('pending'),
    todo: count('skipped'),
    seconds: Math.round(ms / 1000),
  };
}

/** The rows, and their sum, in Markdown. Pure. */
export function tableOf(rows: Row[]): string {
  const sum = (key: 'held' | 'broken' | 'todo' | 'seconds') =>
    rows.reduce((total, row) => total + row[key], 0);
  const all = {
    group: 'all',
    held: sum('held'),
    broken: sum('broken'),
    todo: sum('todo'),
    seconds: sum('seconds'),
  };
  const lines = [...rows.sort((a, b) => a.group.localeCompare(b.group)), all].map(
    ({ group, held, broken, todo, seconds }) => `| ${group} | ${held} | ${broken} | ${todo} | ${seconds} s |`,
  );
  return [
    '| what strangers try | held | broken | to come | time |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
