// Says why a build is reused, or not. Pure.
import { posix } from 'node:path';
import type { LatestBuild, ReuseEntry } from '../store/reuse.js';
import { changedInput } from './inputs.js';
import type { Plan } from './plan.js';

/** Why an entry stands for a job. */
export function whyReused(
  { deployment, commit }: Pick<ReuseEntry, 'deployment' | 'commit'>,
  plan: Plan,
  { root, latest }: { root: string | undefined; latest: LatestBuild | undefined },
): string {
  const what = (why: string) => `reused ${deployment}: ${why}`;
  if (commit === plan.commit) return what('the commit is the same, and so is all else that counts');
  const { tree, related } = plan;
  const changed = tree && latest?.commit === commit ? tree.changed : undefined;
  if (tree && changed === undefined && !related) return what('all files are the same');
  const of = root && root !== '.' ? root : 'the project';
  const sentence = `nothing that ${of} depends on has changed`;
  if (!tree || !changed) return what(sentence);
  const places = [
    ...new Set(changed.map((path) => packageOf(path, related?.watched.unrelated ?? []) ?? 'the root')),
  ];
  return what(
    `${sentence} (${changed.length} of ${tree.entries.length} files differ, all in ${listed(places)})`,
  );
}

/** Why none stands for it. `unseen`: why the tree is not known. */
export function whyBuilt(
  plan: Plan,
  { latest, unseen }: { latest: LatestBuild | undefined; unseen?: string | undefined },
): string {
  if (!latest) return 'no READY build of this branch is remembered';
  const { deployment } = latest;
  const input = changedInput(latest.inputs, plan.maker.inputs);
  if (input) return `${input} is not the same as in ${deployment}`;
  if (latest.commit === plan.commit) return `${deployment}, of the same commit, is not remembered any more`;
  if (unseen) return `${unseen}`;
  const changed = plan.tree?.changed ?? [];
  // What is sure comes first.
  const [path] = [isReason, isManifest, isBeside].flatMap((is) =>
    changed.filter((one) => is(one, plan, latest)),
  );
  if (path !== undefined) return `${shown(path)} changed`;
  if (latest.reads.includes('tree .git')) return `the commit changed, and the build looks into git's data`;
  if (latest.reads.some((line) => line.startsWith('variable')))
    return 'the commit changed, and the project names variables that have it';
  if (latest.reads.includes('all')) return `what the build looks at could not be seen`;
  return `what ${deployment} depends on has changed`;
}

/** Whether a change of this file is one of what the build depends on, or has looked at. */
function isReason(path: string, { related }: Plan, { reads }: LatestBuild): boolean {
  const other = related && packageOf(path, related.watched.unrelated);
  if (other === undefined) return true;
  const seen = [`package ${other}`, `listing ${posix.dirname(path)}`, `file ${path}`];
  return seen.some((line) => reads.includes(line));
}

/** Whether it is a manifest that the package manager has looked at. */
function isManifest(path: string, _plan: Plan, { reads }: LatestBuild): boolean {
  return posix.basename(path) === 'package.json' && reads.includes(`manifest ${posix.dirname(path)}`);
}

/** Whether it may be new beside a file that the build has looked at; see place.ts. */
function isBeside(path: string, _plan: Plan, { reads }: LatestBuild): boolean {
  const files = reads.filter((line) => line.startsWith('file ') && !line.endsWith('/package.json'));
  return files.some((line) => posix.dirname(line.slice('file '.length)) === posix.dirname(path));
}

function packageOf(path: string, packages: readonly string[]): string | undefined {
  return packages.find((one) => path.startsWith(`${one}/`));
}

function listed(places: string[]): string {
  const [first = '', second, ...rest] = places;
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${rest.length} more`;
}

/** A path in latin1. */
function shown(path: string): string {
  return Buffer.from(path, 'latin1').toString();
}
