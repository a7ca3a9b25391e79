// Calls docker's command line. Every call goes through here, as an argument array.
import { spawn } from 'node:child_process';
import { execa, type Options, type ResultPromise } from 'execa';
import { dockerOptions } from './command.js';
import { engineError, engineHangs } from './errors.js';

/** Docker's command line puts proxies of its own configuration into containers, where `docker inspect` shows their passwords. */
const NO_PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY']
  .flatMap((name) => [name, name.toLowerCase()])
  .flatMap((name) => ['--env', `${name}=`]);

function argsOf([command = '', ...rest]: string[]): string[] {
  return command === 'run' ? [command, ...NO_PROXIES, ...rest] : [command, ...rest];
}

/** `timeoutMs: 'none'`: what the command does may take as long as it takes. */
export interface DockerCall {
  tolerant?: boolean;
  timeoutMs?: number | 'none';
  signal?: AbortSignal;
}

/**
 * Runs one docker command to its end and returns its standard output. With `tolerant`, it returns it also after exit code
 * 1: some commands fail for one of many names. When `signal` aborts, the command is ended; else it is after `timeoutMs`.
 * @throws KoalaError as engineError() classifies what docker said, or that the engine does not answer in time
 */
export async function docker(args: string[], call: DockerCall = {}): Promise<string> {
  const { command, patienceMs } = dockerOptions();
  const { signal, timeoutMs = signal ? 'none' : patienceMs } = call;
  const result = await execa(command, argsOf(args), {
    reject: false,
    stdin: 'ignore',
    ...(timeoutMs === 'none' ? {} : { timeout: timeoutMs }),
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (result.timedOut && timeoutMs !== 'none') throw engineHangs(args, timeoutMs);
  if (result.failed && !(call.tolerant && result.exitCode === 1))
    throw engineError({ args, stderr: result.stderr || result.shortMessage || '', code: result.code });
  return result.stdout;
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
  return execa(dockerOptions().command, argsOf(args), STREAMING);
}

/** Runs a docker command with the streams of this process, and returns its exit code; 1 if a signal ended it. */
export async function dockerHere(args: string[]): Promise<number> {
  const { exitCode } = await execa(dockerOptions().command, argsOf(args), {
    reject: false,
    stdio: 'inherit',
  });
  return exitCode ?? 1;
}

/** Runs a script of ours in which the docker command is `$0`: nobody waits for it, and it goes on when this process ends. */
export function dockerAlone(script: string, args: string[]): void {
  spawn('sh', ['-c', script, dockerOptions().command, ...args], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
}
