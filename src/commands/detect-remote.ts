// koalaci detect URL: has a container look at a repository.

import type { Detection } from '../detection/detect.js';
import { endingOf, exitCodeOfEnding } from '../job/ending.js';
import { parseDetectionRequest } from '../job/payload.js';
import { Verdict } from '../job/verdict.js';
import { detectRepository } from '../runner/detect-repository.js';
import { localSource } from '../runner/local-source.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { sandboxDefaults } from './build-settings.js';
import { onInterrupt } from './interrupt.js';
import { readKey } from './job-input.js';
import { openSession } from './session.js';

export interface RemoteFlags extends TokenFlag {
  branch?: string;
  root?: string;
  sshKeyFile?: string;
}

/**
 * What a repository is that is elsewhere; undefined when it was interrupted.
 * @throws KoalaError as detectRepository() does, `unauthorised` without a token
 */
export async function detectRemote(url: string, flags: RemoteFlags): Promise<Detection | undefined> {
  const session = openSession();
  const user = authenticate(session, flags);
  const request = parseDetectionRequest({
    project_repo_url: url,
    project_branch: flags.branch,
    project_root: flags.root,
    ...(flags.sshKeyFile === undefined ? {} : { project_ssh_key: await readKey(flags.sshKeyFile) }),
  });
  const asked = { user, request, localSource: await localSource(url) };
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  try {
    return await detectRepository(asked, await sandboxDefaults(session), verdict);
  } catch (error) {
    if (verdict.cause?.reason !== 'canceled') throw error;
    process.exitCode = exitCodeOfEnding(endingOf(verdict.cause));
    return undefined;
  }
}
