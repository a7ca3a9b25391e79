// koalaci detect URL: has a container look at a repository, on this machine or at a service.

import { type Service, ServiceClient } from '../client/service-client.js';
import type { Detection } from '../detection/detect.js';
import { endingOf, exitCodeOfEnding } from '../job/ending.js';
import type { UserId } from '../job/identity.js';
import { type DetectionRequest, parseDetectionRequest } from '../job/payload.js';
import { Verdict } from '../job/verdict.js';
import { authenticate } from './authenticate.js';
import { onInterrupt } from './interrupt.js';
import { readKey } from './job-input.js';
import { type Backed, serviceOf } from './named-service.js';
import { openSession, type Session } from './session.js';

export interface RemoteFlags extends Backed {
  branch?: string;
  root?: string;
  sshKeyFile?: string;
}

/** A service has two minutes for it, and some to start. */
const ANSWER_MS = 180_000;

/**
 * What a repository is that is elsewhere; undefined when it was interrupted.
 * @throws KoalaError as detectRepository() does, `unauthorised` without a token
 */
export async function detectRemote(url: string, flags: RemoteFlags): Promise<Detection | undefined> {
  const session = openSession();
  const service = serviceOf(session, flags);
  const user = service ? undefined : authenticate(session, flags);
  const request = parseDetectionRequest({
    project_repo_url: url,
    project_branch: flags.branch,
    project_root: flags.root,
    ...(flags.sshKeyFile === undefined ? {} : { project_ssh_key: await readKey(flags.sshKeyFile) }),
  });
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  try {
    if (service) return await detectThere(service, request, verdict.signal);
    return user && (await detectHere(session, { user, request }, verdict));
  } catch (error) {
    if (verdict.cause?.reason !== 'canceled') throw error;
    process.exitCode = exitCodeOfEnding(endingOf(verdict.cause));
    return undefined;
  }
}

function detectThere(service: Service, body: DetectionRequest, signal: AbortSignal): Promise<Detection> {
  const question = { method: 'POST', body, answerMs: ANSWER_MS, signal, isOnce: true } as const;
  return new ServiceClient(service).data('/detect', question);
}

async function detectHere(
  session: Session,
  { user, request }: { user: UserId; request: DetectionRequest },
  verdict: Verdict,
): Promise<Detection> {
  const [{ detectRepository }, { localSource }, { sandboxDefaults }] = await Promise.all([
    import('../runner/detect-repository.js'),
    import('../runner/local-source.js'),
    import('./build-settings.js'),
  ]);
  const asked = { user, request, localSource: await localSource(request.project_repo_url) };
  return detectRepository(asked, await sandboxDefaults(session), verdict);
}
