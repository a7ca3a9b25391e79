// Names this process, so that other processes can tell whether it is still alive.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

interface Runner {
  host: string;
  boot: string;
  pid: number;
  /** Clock ticks since boot: tells a process from a later one with the same pid (proc(5), stat field 22). */
  started: string;
}

/** `host-boot-pid-started` of this process. Records, labels and container names all use this form. */
export function thisRunner(): string {
  return `${thisHost()}-${bootId()}-${process.pid}-${startTime(process.pid) ?? '0'}`;
}

/** Whether a runner is certainly dead: it ran on this machine, and its process is gone. False for runners of other machines. */
export function isDead(runner: string): boolean {
  const parsed = parse(runner);
  if (!parsed || parsed.host !== thisHost()) return false;
  if (parsed.boot !== bootId()) return true;
  return startTime(parsed.pid) !== parsed.started;
}

/** Whether a runner runs, or ran, on this machine. */
export function isOfThisHost(runner: string): boolean {
  return parse(runner)?.host === thisHost();
}

/** The host of a runner, as it is in its id. */
export function hostOf(runner: string): string | undefined {
  return parse(runner)?.host;
}

/** The pattern reads from the end, because a host name may have hyphens. */
function parse(runner: string): Runner | undefined {
  const [, host, boot, pid, started] = /^(.+)-(\w+)-(\d+)-(\d+)$/.exec(runner) ?? [];
  if (!host || !boot || !pid || !started) return undefined;
  return { host, boot, pid: Number(pid), started };
}

function thisHost(): string {
  return hostInName(hostname());
}

/**
 * A host's name with only the characters that Docker allows in a container name: others become `_` and their hex digits, so
 * that no two hosts have one name. A runner would take another machine's for its own dead ones.
 */
export function hostInName(host: string): string {
  return [...Buffer.from(host, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9.-]/.test(letter) ? letter : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? 'unknown';
}

function startTime(pid: number): string | undefined {
  // Field 2, the command name, may contain spaces and brackets. The fields after its last bracket are split by spaces.
  return readProc(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19];
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
