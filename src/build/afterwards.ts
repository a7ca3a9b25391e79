// Work that goes on when the command has ended: a process of its own, which nobody waits for.
import { spawn } from 'node:child_process';

/** Starts `koalaci <args>` in the background. */
export function afterwards(args: string[]): void {
  const [, program = ''] = process.argv;
  spawn(process.execPath, [program, ...args], { detached: true, stdio: 'ignore' }).unref();
}
