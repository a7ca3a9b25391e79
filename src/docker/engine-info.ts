// Asks the engine about its machine, and reads how it was started where that is this machine.
import { readFile } from 'node:fs/promises';
import { docker } from './cli.js';

export interface EngineInfo {
  /** Its clock, in milliseconds since 1970. */
  time: number;
  /** What its machine has. */
  memory: number;
  cpus: number;
  /** The name of its machine. */
  machine: string;
  /** The directory of its data there. */
  root: string;
  /** What it warns of itself. */
  warnings: string[];
}

const FORMAT =
  '[{{json .SystemTime}},{{json .MemTotal}},{{json .NCPU}},{{json .Name}},{{json .DockerRootDir}},{{json .Warnings}}]';

type Said = [
  time: string,
  memory: number,
  cpus: number,
  machine: string,
  root: string,
  warnings: string[] | null,
];

/**
 * What the engine says of its machine.
 * @throws KoalaError `environment` when it does not answer
 */
export async function engineInfo(): Promise<EngineInfo> {
  const said = JSON.parse(await docker(['info', '--format', FORMAT])) as Said;
  const [time, memory, cpus, machine, root, warnings] = said;
  return { time: Date.parse(time), memory, cpus, machine, root, warnings: warnings ?? [] };
}

/** The flags of an engine on this machine, from its command line and its daemon.json; none where they cannot be read. */
export async function engineFlags(): Promise<Map<string, string>> {
  const pid = (await text('/var/run/docker.pid')).trim();
  const words = pid ? (await text(`/proc/${pid}/cmdline`)).split('\0').filter(Boolean) : [];
  return flagsOf(await text('/etc/docker/daemon.json'), words.slice(1));
}

/** Flags by name, as words; those of the command line count, and a list is one text. Pure. */
export function flagsOf(json: string, words: string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const [name, value] of Object.entries(objectIn(json))) flags.set(name, String(value));
  for (const [index, word] of words.entries()) {
    const [, name, value] = /^(?:--?)([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const next = words[index + 1];
    const given = value ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    if (name) flags.set(name === 'H' || name === 'host' ? 'hosts' : name, given);
  }
  return flags;
}

function objectIn(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const text = (path: string) => readFile(path, 'utf8').catch(() => '');
