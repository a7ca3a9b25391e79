// A docker command of a test's own, for KOALACI_DOCKER: does something beside what the real one does.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface DockerCommand {
  /** The command. */
  path: string;
  /** A directory of its own, $OWN in the script. */
  directory: string;
}

/** Writes it for one test. `script` is bash, gets the arguments, and ends with calling docker. */
export async function dockerCommand(script: string): Promise<DockerCommand> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-docker-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'docker');
  await writeFile(path, `#!/usr/bin/env bash\nset -Eeuo pipefail\nOWN=${directory}\n${script}\n`);
  await chmod(path, 0o755);
  return { path, directory };
}
