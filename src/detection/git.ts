// Asks git on this machine about a repository.
import { execFileSync } from 'node:child_process';
import { execa } from 'execa';
import { KoalaError } from '../job/errors.js';

/** A larger one is no configuration. */
const MOST_BYTES = 1024 ** 2;
/** Nothing that the repository's configuration names is started for us. */
const GIT = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];

/** A file of a commit; undefined if there is none. */
export function blob(top: string, name: string): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', top, ...GIT, 'cat-file', 'blob', name], {
      maxBuffer: MOST_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

/**
 * What git says, without the line end; undefined if it says that there is none.
 * @throws KoalaError `environment` without git, `bad_input` where it does not look into the directory
 */
export async function git(
  directory: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string | undefined> {
  const result = await execa('git', ['-C', directory, ...GIT, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', ...env },
  });
  if (result.exitCode === 0) return result.stdout;
  if (result.code === 'ENOENT')
    throw new KoalaError('environment', 'git is not installed here, and koalaci asks it what is committed', {
      remedy: 'Install it (apt-get install git), or write a job.json: koalaci run --help.',
    });
  if (/dubious ownership/.test(result.stderr))
    throw refused(
      `${directory} belongs to another user, so git does not look into it`,
      `git config --global --add safe.directory ${directory}`,
    );
  return undefined;
}

/** The error for a repository that is not as it has to be. */
export function refused(what: string, remedy: string): KoalaError {
  return new KoalaError('bad_input', what, { remedy });
}
