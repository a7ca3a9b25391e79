// koalaci release: serves an artifact that was built before, or lets builds be served again.
import { releaseArtifact, resume as resumeBuilds } from '../archives/release.js';
import { KoalaError } from '../job/errors.js';
import { ID_PATTERN, type ProjectId, type UserId } from '../job/identity.js';
import { print } from '../ui/print.js';
import { askedJob, authenticate, type TokenFlag } from './authenticate.js';
import { printOutcomes, withTargets } from './releasing.js';
import { openSession, type Session } from './session.js';

export async function release(
  text: string | undefined,
  flags: TokenFlag & { target?: string; resume?: string },
): Promise<void> {
  const session = openSession();
  if ((text === undefined) === (flags.resume === undefined))
    throw new KoalaError('bad_input', 'name a deployment, or a project with --resume');
  if (text === undefined) return resume(session, flags.resume ?? '', flags);
  const id = askedJob(session, text, flags);
  const by = { user: id.user, target: flags.target };
  printOutcomes(
    await withTargets(session, ({ context, targets, options }) =>
      releaseArtifact(context, targets, { id, by, options }),
    ),
  );
}

async function resume(
  session: Session,
  project: string,
  flags: TokenFlag & { target?: string },
): Promise<void> {
  const user: UserId = authenticate(session, flags);
  if (!ID_PATTERN.test(project))
    throw new KoalaError('not_found', `there is no project ${JSON.stringify(project)}`);
  const owner = { user, project: project as ProjectId };
  const by = { user, target: flags.target };
  const resumed = await withTargets(session, ({ context, targets, options }) =>
    resumeBuilds(context, targets, { owner, by, options }),
  );
  for (const { target, deployment } of resumed)
    print(`${target} serves ${deployment ?? 'the next build of its branch'}\n`);
}
