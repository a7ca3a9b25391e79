// Begins to ask whether a job needs a build. Apart from the decision, which loads much more.
import { canonicalRepository } from '../job/repository.js';
import { type Inquiry, inquire } from '../reuse/inquiry.js';
import { modeOf } from '../reuse/mode.js';
import type { SandboxDefaults } from './acquire.js';
import type { BuildSettings } from './build.js';
import type { RequestedJob } from './job.js';
import { sourceIdOf } from './local-source.js';

/** Begins; undefined if it is not asked for the job at all. */
export async function beginInquiry(
  { record, payload, user, localSource, isReproduction }: RequestedJob,
  sandboxDefaults: SandboxDefaults,
  { reuse }: Pick<BuildSettings, 'reuse'>,
): Promise<Inquiry | undefined> {
  if (isReproduction || modeOf(payload, reuse) === 'off') return undefined;
  const asked = {
    ...{ user, payload, project: record.project, branch: record.branch },
    repository: canonicalRepository(localSource?.path ?? payload.project_repo_url),
    local: localSource && { ...localSource, id: (await sourceIdOf(localSource)) ?? '' },
  };
  return inquire(asked, sandboxDefaults);
}
