// A build that prints a million lines, against docker run piped to cat; and how much memory koalaci takes for it.
import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import type { Subject } from './contender.js';
import { KoalaciBuild } from './contenders/koalaci.js';
import { median, seconds } from './measure.js';

const PRINT = "seq -f 'line %.0f of a build that has a lot to say' 1000000";
const MEMORY_EVERY_MS = 50;

export interface LogLines {
  koalaci: number;
  cat: number;
  /** Most bytes of memory that the koalaci process had. */
  memory: number;
}

export async function logLines(subject: Subject, rounds: number): Promise<LogLines> {
  const koalaci = await KoalaciBuild.open(subject);
  const own: number[] = [];
  const cat: number[] = [];
  let memory = 0;
  try {
    const args = koalaci.jobArgs({ command: PRINT, dist: '.', manager: 'none' });
    for (let round = 0; round < rounds; round++) {
      cat.push(await seconds(() => intoCat('docker', ['run', '--rm', subject.image, 'bash', '-c', PRINT])));
      own.push(
        await seconds(async () => {
          const build = koalaci.run(args);
          build.stdout.resume();
          const timer = setInterval(() => {
            memory = Math.max(memory, peakMemory(build.pid));
          }, MEMORY_EVERY_MS);
          await build.finally(() => clearInterval(timer));
        }),
      );
      await koalaci.settle();
    }
  } finally {
    await koalaci.close();
  }
  return { koalaci: median(own), cat: median(cat), memory };
}

async function intoCat(command: string, args: string[]): Promise<void> {
  await execa(command, args, { buffer: false }).pipe('cat', [], { buffer: false, stdout: 'ignore' });
}

/** VmHWM of proc(5), in bytes. */
function peakMemory(pid: number | undefined): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
