// Where others can fetch a commit from: for a service, which sees nothing of this machine.
import { resolve } from 'node:path';
import { isLocalSource } from '../job/rules.js';
import type { Commit } from './commit.js';
import { git, refused } from './git.js';

/** How others get a commit. */
export interface Pushed {
  /** The address of origin. */
  url: string;
  /** A branch of it that has the commit, by its name there. */
  branch: string | undefined;
}

const TRACKED = 'refs/remotes/origin/';

/**
 * Where origin has a commit.
 * @throws KoalaError `bad_input` if there is no origin, or if it does not have the commit
 */
export async function pushedTo({ top, sha, branch }: Commit): Promise<Pushed> {
  const address = await git(top, ['remote', 'get-url', 'origin']);
  if (address === undefined)
    throw refused(
      `${top} has no remote "origin", from which a service could fetch it`,
      'git remote add origin ADDRESS && git push -u origin HEAD',
    );
  // What git has seen of origin; else origin is asked, since others may have pushed it.
  const branches = (await trackedWith(top, sha)) ?? (await branchesAt(top, sha));
  if (branches.length === 0)
    throw refused(
      `commit ${sha.slice(0, 10)} is not at origin, from which the service fetches it: push first`,
      `git push origin ${branch ?? 'HEAD:refs/heads/BRANCH'}`,
    );
  const own = branches.find((one) => one === branch);
  // A path of this machine is relative to where git has it from.
  const url = isLocalSource(address) && !/^(file:|~)/.test(address) ? resolve(top, address) : address;
  return { url, branch: own ?? branches[0] };
}

async function trackedWith(top: string, sha: string): Promise<string[] | undefined> {
  const said = await git(top, ['for-each-ref', '--contains', sha, '--format=%(refname)', TRACKED]);
  const names = (said ?? '').split('\n').filter((name) => name !== '' && !name.endsWith('/HEAD'));
  return names.length === 0 ? undefined : names.map((name) => name.slice(TRACKED.length));
}

async function branchesAt(top: string, sha: string): Promise<string[]> {
  const said = await git(top, ['ls-remote', '--heads', 'origin']);
  const rows = (said ?? '').split('\n').map((row) => row.split('\t'));
  return rows.flatMap(([at, name = '']) => (at === sha ? [name.replace('refs/heads/', '')] : []));
}
