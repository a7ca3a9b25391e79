// koalaci complete: says to a shell what may follow on a command line. Never says an error: somebody is typing.
import type { Command } from 'commander';
import type { JobRecord } from '../job/record.js';
import { settledWithin } from '../job/settled-within.js';
import { print } from '../ui/print.js';
import { type Candidate, candidates, type Source } from '../usage/candidates.js';

/** Nobody waits longer for a word. */
const PATIENCE_MS = 2_000;
/** The newest deployments are those that are typed. */
const MOST = 100;

/** Prints a line for each candidate: the word, a tab, and what it means; `:files` or `:directories` where those may follow. */
export async function complete(program: Command, typed: string[]): Promise<void> {
  const { words, sources } = candidates(program, typed);
  const start = typed.at(-1) ?? '';
  const known = sources.some(isOurs) ? await ours(sources) : [];
  const lines = [...words, ...known]
    .filter(({ word }) => word.startsWith(start))
    .map(({ word, says }) => `${word}\t${says}\n`);
  const places = sources.filter((source) => !isOurs(source)).map((source) => `:${source}\n`);
  print([...lines, ...places].join(''));
}

function isOurs(source: Source): boolean {
  return source === 'deployments' || source === 'projects';
}

/** The user's own deployments or projects; none where koalaci cannot be asked. */
async function ours(sources: Source[]): Promise<Candidate[]> {
  const asked = newest().catch(() => []);
  if (!(await settledWithin(PATIENCE_MS, asked))) return [];
  const records = await asked;
  const deployments = records.map(({ deployment, project, branch, status }) => ({
    word: deployment,
    says: `${status} ${project} ${branch}`,
  }));
  const projects = [...new Set(records.map(({ project }) => project))].map((word) => ({ word, says: '' }));
  return [
    ...(sources.includes('deployments') ? deployments : []),
    ...(sources.includes('projects') ? projects : []),
  ];
}

async function newest(): Promise<JobRecord[]> {
  const { withBackend } = await import('./backend/open.js');
  return (await withBackend({}, (backend) => backend.page({ filter: {}, limit: MOST }))).records;
}
