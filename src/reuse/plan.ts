// What a job can be compared by: its commit, its tree, what is related to it; the more is known of the repository, the more. Pure.
import type { Watched } from '../sandbox/job-input.js';
import type { EntryKey } from '../store/reuse.js';
import { commitKey, inScopes, type KeyMaker, relatedBase, relatedKey, treeKey } from './keys.js';
import type { Related } from './related.js';
import type { Refs, Tree } from './tree.js';

/** Of one commit. */
export interface Plan {
  maker: KeyMaker;
  /** The branch's own scope, then the default branch's. Only the first is written to. */
  scopes: string[];
  commit: string;
  commitKey: string;
  /** Undefined as long as nobody has asked for it. */
  tree?: Tree;
  treeKey?: string;
  /** Undefined where only the whole tree counts. */
  related?: Related;
}

/** By the commit alone. */
export function planOf(maker: KeyMaker, scopes: string[], refs: Refs, branch: string): Plan {
  return { maker, scopes, commit: refs.commit, commitKey: commitKey(maker, refs, branch) };
}

/** By its files, too. */
export function withTree(plan: Plan, tree: Tree, related: Related | undefined): Plan {
  return { ...plan, tree, treeKey: treeKey(plan.maker, tree), ...(related ? { related } : {}) };
}

/** What its build has to be watched for. */
export function watchedOf({ related }: Plan): Watched {
  const none = { related: [], unrelated: [], parents: [], foreign: [] };
  return related ? { ...none, ...related.watched } : none;
}

/** The keys of builds that stand for the job. `reads`: what such builds have looked at; see store/reuse.ts. */
export function keysOf({ maker, scopes, ...plan }: Plan, reads: readonly string[][]): EntryKey[] {
  const { related } = plan;
  const wider = related ? reads.map((places) => relatedKey(maker, related, places)) : [];
  const keys = [plan.commitKey, plan.treeKey, ...wider].filter((key) => key !== undefined);
  return inScopes(scopes, keys);
}

/** Where it is remembered what builds with the same related files have looked at. */
export function readsKeys({ maker, scopes, related }: Plan): EntryKey[] {
  return related ? inScopes(scopes, [relatedBase(maker, related)]) : [];
}

/** What a build has looked at, as reuse-watch.sh reports it. */
export interface Reads {
  /** As lines, in order. */
  lines: string[];
  /** Whether its result may be another one in another deployment of the same commit. */
  isOfDeployment: boolean;
  /** Whether it is of its commit: it has looked at git's data, or everything may have been looked at. */
  isOfCommit: boolean;
}

/** Reads the report; without one, everything may have been looked at. */
export function readsIn(report: string | undefined): Reads {
  const lines = [...new Set((report ?? 'all').split('\n'))].filter((line) => line && line !== 'none').sort();
  return {
    lines,
    // Whoever names the beginning of all may look at each.
    isOfDeployment: lines.some((line) => /^variable KOALACI_(DEPLOYMENT)?$/.test(line)),
    isOfCommit: lines.some((line) => line === 'all' || line === 'tree .git' || /^variable\b/.test(line)),
  };
}

/** The keys under which a build is remembered, and the places that belong to the last one. */
export function ownKeys(plan: Plan, { lines, ...is }: Reads): { keys: EntryKey[]; places?: string[] } {
  const scope = plan.scopes.slice(0, 1);
  if (is.isOfDeployment) return { keys: [] };
  if (is.isOfCommit || !plan.treeKey) return { keys: inScopes(scope, [plan.commitKey]) };
  const both = [plan.commitKey, plan.treeKey];
  const wider = plan.related && relatedKey(plan.maker, plan.related, lines);
  if (!wider) return { keys: inScopes(scope, both) };
  return { keys: inScopes(scope, [...both, wider]), places: lines };
}
