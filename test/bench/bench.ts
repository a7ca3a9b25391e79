// npm run bench: builds the same projects, in the same situations, with koalaci and with what else one could use.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { showBytes } from '../../src/job/quantity.js';
import { Branch } from './branch.js';
import type { Contender, Subject } from './contender.js';
import { BuildKitBuild } from './contenders/buildkit.js';
import { FloorBuild } from './contenders/floor.js';
import { GitlabBuild } from './contenders/gitlab.js';
import { KoalaciBuild } from './contenders/koalaci.js';
import { ScriptBuild } from './contenders/script.js';
import { logLines } from './log-lines.js';
import { chosenParts } from './only.js';
import { type Project, projects } from './projects.js';
import { drawChart, drawGoals, drawMedians, drawService, goals, type Row } from './report.js';
import { benchReuse } from './reuse.js';
import { benchService } from './service.js';
import { timeSituation } from './situation.js';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    against: {
      type: 'string',
      multiple: true,
      default: ['BuildKit', 'tar.gz script', 'gitlab-ci-local', 'turbo', 'floor'],
    },
    json: { type: 'string', default: join(tmpdir(), 'koalaci-bench.json') },
  },
});
const only = partsOrExit();
const rounds = Number(flags.rounds);
const image = process.env.KOALACI_IMAGE || 'koalaci:latest';
const work = await mkdtemp(join(tmpdir(), 'koala-bench-'));

try {
  const rows: Row[] = [];
  for (const project of projects.filter(({ name }) => only.includes(name)))
    rows.push(...(await benchProject(project)));
  if (only.includes('reuse'))
    rows.push(...(await benchReuse({ work, image, rounds, against: flags.against })));
  const all = goals(rows);
  const lines = only.includes('log') ? await benchLog() : undefined;
  if (lines) {
    const what = `1,000,000 log lines: koalaci / docker run piped to cat`;
    all.push({ what, ratio: lines.koalaci / lines.cat, atMost: 1.3 });
  }
  const service = only.includes('service') ? await benchService() : undefined;
  const memory = lines
    ? [`koalaci had ${showBytes(lines.memory)} of memory at most for 1,000,000 log lines`]
    : [];
  const parts = [
    ...(rows.length > 0 ? [drawChart(rows), drawMedians(rows), ['']] : []),
    ...(all.length > 0 ? [drawGoals(all)] : []),
    memory,
    drawService(service),
  ].flat();
  process.stdout.write(`${parts.join('\n')}\n`);
  await writeFile(flags.json, `${JSON.stringify({ rows, goals: all, logLines: lines, service }, null, 2)}\n`);
  process.stderr.write(`the same as JSON: ${flags.json}\n`);
} finally {
  await rm(work, { recursive: true, force: true });
}

/** Ends the process when a part is asked for that there is not. */
function partsOrExit(): string[] {
  try {
    return chosenParts(flags.only, [...projects.map(({ name }) => name), 'reuse', 'log', 'service']);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return process.exit(2);
  }
}

async function benchProject(project: Project): Promise<Row[]> {
  const place = join(work, project.name);
  await mkdir(place);
  const branch = await Branch.create(project, place);
  const subject = (name: string): Subject => ({ project, repo: branch.bare, image, work: join(place, name) });
  const contenders = await openContenders(project, subject);
  try {
    const once = Math.max(1, Math.ceil(rounds / 3));
    const warm = contenders.filter(hasCold);
    const of = project.name;
    const changeLine = () => branch.changeLine();
    const addDependency = () => branch.addDependency();
    return [
      await timeSituation({
        ...{ project: of, name: 'cold', rounds: once, contenders: warm },
        ...{ change: changeLine, isCold: true },
      }),
      await timeSituation({ project: of, name: 'one line', rounds, contenders, change: changeLine }),
      await timeSituation({
        ...{ project: of, name: 'one dependency', rounds: Math.min(3, rounds) },
        ...{ contenders: warm, change: addDependency },
      }),
      await timeSituation({ project: of, name: 'nothing', rounds: once, contenders: warm }),
    ];
  } finally {
    for (const contender of contenders) await contender.close?.();
  }
}

/** The floor builds in the tree that the others have to make. */
function hasCold(contender: Contender): boolean {
  return contender.name !== 'floor';
}

async function openContenders(project: Project, subject: (name: string) => Subject): Promise<Contender[]> {
  for (const name of ['koalaci', 'buildkit', 'script', 'gitlab', 'floor'])
    await mkdir(subject(name).work, { recursive: true });
  const koalaci = await KoalaciBuild.open(subject('koalaci'));
  const wanted = (name: string) => flags.against.includes(name);
  return [
    koalaci,
    ...(wanted('BuildKit') ? [await BuildKitBuild.open(subject('buildkit'))] : []),
    ...(wanted('tar.gz script') ? [await ScriptBuild.open(subject('script'))] : []),
    ...(wanted('gitlab-ci-local') && project.name === 'vite-react'
      ? [await GitlabBuild.open(subject('gitlab'))]
      : []),
    ...(wanted('floor') ? [await FloorBuild.open(subject('floor'), koalaci)] : []),
  ];
}

async function benchLog(): Promise<Awaited<ReturnType<typeof logLines>>> {
  const place = join(work, 'log');
  await mkdir(join(place, 'koalaci'), { recursive: true });
  const [project] = projects;
  if (!project) throw new Error('there is no project');
  const branch = await Branch.create(project, place);
  return logLines({ project, repo: branch.bare, image, work: join(place, 'koalaci') }, Math.min(3, rounds));
}
