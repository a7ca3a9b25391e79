// Names this process, so that another can tell whether it still lives.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

interface Runner {
  host: string;
  boot: string;
  pid: number;
  /** Clock ticks since boot: tells a process from a later one with the same pid (proc(5), stat field 22). */
  started: string;
}

/** `host-boot-pid-started` of this process: the one form of a runner, in records, labels and names of containers. */
export function thisRunner(): string {
  return `${thisHost()}-${bootId()}-${process.pid}-${startTime(process.pid) ?? '0'}`;
}

/** Whether a runner is dead for sure: it ran on this machine, and its process is gone. Other machines cannot be judged. */
export function isDead(runner: string): boolean {
  const parsed = parse(runner);
  if (!parsed || parsed.host !== thisHost()) return false;
  if (parsed.boot !== bootId()) return true;
  return startTime(parsed.pid) !== parsed.started;
}

/** Read from its end: a host may have hyphens in its name. */
function parse(runner: string): Runner | undefined {
  const [, host, boot, pid, started] = /^(.+)-(\w+)-(\d+)-(\d+)$/.exec(runner) ?? [];
  if (!host || !boot || !pid || !started) return undefined;
  return { host, boot, pid: Number(pid), started };
}

/** As the name of a container may hold it. */
function thisHost(): string {
  return hostname().replace(/[^A-Za-z0-9.-]/g, '-');
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
