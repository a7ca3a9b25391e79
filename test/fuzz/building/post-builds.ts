// Whether koalaci still works on what a build left: the containers do not tell, because one goes before the next one comes.
import { readdir, readFile } from 'node:fs/promises';

/** Whether a process `koalaci post-build` of a project runs. */
export async function isBeingSaved(project: string): Promise<boolean> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    // Processes end while one looks at them.
    processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some((line) => line.endsWith(`\0post-build\0${project}\0`));
}
