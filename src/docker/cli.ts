// Calls docker's command line. Every call goes through here, as an argument array.
import { execa, type Options, type ResultPromise } from 'execa';
import { dockerCommand } from './command.js';
import { engineError } from './errors.js';

/** Docker's command line puts proxies of its own configuration into containers, where `docker inspect` shows their passwords. */
const NO_PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY']
  .flatMap((name) => [name, name.toLowerCase()])
  .flatMap((name) => ['--env', `${name}=`]);

/** What an engine does at once, however busy it is. */
const PROMPT = new Set([
  'ps',
  'version',
  'info',
  'rename',
  'tag',
  'image inspect',
  'image ls',
  'container inspect',
]);
/** An engine that has not done such a thing after this long hangs: what asked may have something better to do. */
const PROMPT_MS = 60_000;

function argsOf([command = '', ...rest]: string[]): string[] {
  return command === 'run' ? [command, ...NO_PROXIES, ...rest] : [command, ...rest];
}

/**
 * Runs one docker command to its end and returns its standard output. With `tolerant`, it returns it also after exit code
 * 1: some commands fail for one of many names. When `signal` aborts, or the time is over, the command is ended. What the engine
 * does at once has a minute.
 * @throws KoalaError as engineError() classifies what docker said
 */
export async function docker(
  args: string[],
  options: { tolerant?: boolean; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<string> {
  const { timeoutMs = mostMs(args), signal } = options;
  const result = await execa(dockerCommand(), argsOf(args), {
    reject: false,
    stdin: 'ignore',
    ...(timeoutMs ? { timeout: timeoutMs } : {}),
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (result.failed && !(options.tolerant && result.exitCode === 1)) {
    const code = result.timedOut ? 'ETIMEDOUT' : result.code;
    throw engineError({ args, stderr: result.stderr || result.shortMessage || '', code });
  }
  return result.stdout;
}

function mostMs([command = '', what = '']: string[]): number | undefined {
  return PROMPT.has(command) || PROMPT.has(`${command} ${what}`) ? PROMPT_MS : undefined;
}

/** Options of a streaming docker command: three pipes, nothing buffered, a process group of its own. */
const STREAMING = {
  reject: false,
  buffer: false,
  stdin: 'pipe',
  stdout: 'pipe',
  stderr: 'pipe',
  // The terminal's Ctrl-C then reaches koalaci alone, which stops the container in an orderly way.
  detached: true,
  cleanup: true,
} as const satisfies Options;

export type DockerStream = ResultPromise<typeof STREAMING>;

/** Starts a docker command whose output is read while it runs. The promise never rejects: the result says how it ended. */
export function dockerStream(args: string[]): DockerStream {
  return execa(dockerCommand(), argsOf(args), STREAMING);
}
