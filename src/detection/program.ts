// The program that detects. Builds run the same one, so that both find the same: it is in ci/steps/detection.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommittedFiles } from '../../ci/steps/detection/committed-files.mjs';
import type { detect, detectIn } from '../../ci/steps/detection/detect.mjs';

interface Program {
  detect: typeof detect;
  detectIn: typeof detectIn;
  CommittedFiles: typeof CommittedFiles;
}

/** Loads the program. */
export async function loadProgram(): Promise<Program> {
  const [main, files] = await Promise.all(['detect.mjs', 'committed-files.mjs'].map(load));
  return { ...main, ...files } as Program;
}

/** Loads one of its modules. */
export async function load(name: string): Promise<object> {
  // Compiled, this file is in dist/.
  const urls = ['..', '../..'].map((up) => new URL(`${up}/ci/steps/detection/${name}`, import.meta.url));
  const found = urls.find((url) => existsSync(fileURLToPath(url))) ?? urls[0];
  return (await import(String(found))) as object;
}
