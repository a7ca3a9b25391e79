// Builds that need not run: of the monorepo's app, where nothing has changed, and where nothing has that it depends on.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Branch } from './branch.js';
import type { Contender, Subject } from './contender.js';
import { BuildKitBuild } from './contenders/buildkit.js';
import { ReusingBuild } from './contenders/koalaci-reusing.js';
import { TurboBuild } from './contenders/turbo.js';
import { app, projects } from './projects.js';
import type { Row } from './report.js';
import { timeSituation } from './situation.js';

export interface ReuseBench {
  work: string;
  image: string;
  rounds: number;
  against: readonly string[];
}

/** Times both, each with contenders that have built everything once. */
export async function benchReuse(bench: ReuseBench): Promise<Row[]> {
  const nothing = await row(bench, 'nothing changed', 'same', async () => {});
  const related = await row(bench, 'nothing related changed', 'related', (branch) =>
    branch.changeLine(app.unrelatedLine),
  );
  return [nothing, related];
}

async function row(
  { work, image, rounds, against }: ReuseBench,
  name: string,
  mode: 'same' | 'related',
  change: (branch: Branch) => Promise<void>,
): Promise<Row> {
  const place = join(work, `reuse-${mode}`);
  await mkdir(place);
  const monorepo = projects.find((one) => one.name === 'monorepo');
  if (!monorepo) throw new Error('there is no monorepo');
  const branch = await Branch.create(monorepo, place);
  const project = { ...monorepo, command: app.command };
  const open = async <T>(tool: string, as: (subject: Subject) => Promise<T>): Promise<T[]> => {
    if (tool !== 'koalaci' && !against.includes(tool)) return [];
    await mkdir(join(place, tool));
    const { sources } = app;
    return [await as({ project, repo: branch.bare, image, work: join(place, tool), sources })];
  };
  const contenders: Contender[] = [
    ...(await open('koalaci', (subject) => ReusingBuild.open(subject, mode))),
    ...(await open('BuildKit', BuildKitBuild.open)),
    ...(await open('turbo', TurboBuild.open)),
  ];
  try {
    for (const contender of contenders) {
      await contender.cool();
      await contender.build();
      await contender.settle?.();
    }
    return await timeSituation({ project: 'reuse', name, rounds, contenders, change: () => change(branch) });
  } finally {
    for (const contender of contenders) await contender.close?.();
  }
}
