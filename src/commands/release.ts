// koalaci release: serves an artifact that was built before, or lets builds be served again.
import { KoalaError } from '../job/errors.js';
import { ID_PATTERN, type ProjectId } from '../job/identity.js';
import { print } from '../ui/print.js';
import { withBackend, withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';
import { printOutcomes } from './print-outcomes.js';

type ReleaseFlags = Backed & { target?: string; resume?: string };

export async function release(text: string | undefined, flags: ReleaseFlags): Promise<void> {
  if ((text === undefined) === (flags.resume === undefined))
    throw new KoalaError('bad_input', 'name a deployment, or a project with --resume');
  if (text === undefined) return resume(flags.resume ?? '', flags);
  await withDeployment(text, flags, async (backend, id) =>
    printOutcomes(await (await backend.releases()).release(id, flags.target)),
  );
}

async function resume(project: string, flags: ReleaseFlags): Promise<void> {
  await withBackend(flags, async (backend) => {
    if (!ID_PATTERN.test(project))
      throw new KoalaError('not_found', `there is no project ${JSON.stringify(project)}`);
    const resumed = await (await backend.releases()).resume(project as ProjectId, flags.target);
    for (const { target, deployment } of resumed)
      print(`${target} serves ${deployment ?? 'the next build of its branch'}\n`);
  });
}
