// Who runs a build: names this process so that another can tell whether it still lives.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

interface Runner {
  host: string;
  boot: string;
  pid: number;
  /** Clock ticks since boot: tells a process from a later one with the same pid (proc(5), stat field 22). */
  started: string;
}

/** `host/boot/pid/started` of this process. */
export function thisRunner(): string {
  return `${hostname()}/${bootId()}/${process.pid}/${startTime(process.pid) ?? '0'}`;
}

/** Whether a runner is known to be dead: it was on this machine, and its process is not there. Of other machines nothing is known. */
export function isDead(runner: string): boolean {
  const parsed = parse(runner);
  if (!parsed || parsed.host !== hostname()) return false;
  if (parsed.boot !== bootId()) return true;
  return startTime(parsed.pid) !== parsed.started;
}

/** A runner as the end of a container's name. Read back, its host is a hash. */
export function runnerSuffix(runner: string): string {
  const [host = '', ...rest] = runner.split('/');
  return [hashOf(host), ...rest].join('-');
}

/** Whether the runner in the name of a container is known to be dead; of a name without one nothing is known. */
export function isDeadBySuffix(containerName: string): boolean {
  const [host, boot, pid, started] = containerName.split('-').slice(2);
  return host === hashOf(hostname()) && isDead([hostname(), boot, pid, started].join('/'));
}

function hashOf(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}

function parse(runner: string): Runner | undefined {
  const [host, boot, pid, started] = runner.split('/');
  if (!host || !boot || !pid || !started) return undefined;
  return { host, boot, pid: Number(pid), started };
}

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'unknown';
}

function startTime(pid: number): string | undefined {
  // The command name, field 2, may contain blanks and brackets; what follows its last bracket is regular.
  return readProc(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19];
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
