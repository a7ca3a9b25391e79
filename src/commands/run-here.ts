// Builds a job here and now, on this machine, and exits as the build ended.

import { resolve } from 'node:path';
import type { Redis } from 'ioredis';
import { exitCodeOfEnding } from '../job/ending.js';
import { exitCodeOf, KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { Payload } from '../job/payload.js';
import type { JobRecord } from '../job/record.js';
import type { Outcome } from '../runner/conclude.js';
import { newJob } from '../runner/job.js';
import { localSource } from '../runner/local-source.js';
import { prepareDirectory } from '../settings/make-directory.js';
import { seal } from '../store/seal.js';
import type { BuildScreen } from '../ui/build-screen.js';
import { JsonScreen } from '../ui/json-screen.js';
import { openScreen, type ScreenFlags } from '../ui/open-screen.js';
import { say } from '../ui/print.js';
import { refuseArtifactUrl } from '../upload/artifact-url.js';
import { findSecret } from './authenticate.js';
import { type BuildHere, buildHere } from './build-here.js';
import { artifactsAtHome } from './build-settings.js';
import type { Session } from './session.js';
import { withTracing } from './with-tracing.js';

/** A job, and how it is built. */
export interface RunHere {
  user: UserId;
  payload: Payload;
  flags: RunHereFlags;
}

export interface RunHereFlags extends ScreenFlags {
  json?: boolean;
  /** The directory of the artifact, instead of the one in the data directory. */
  output?: string;
  /** Whether its container is kept if it fails. */
  keep?: boolean;
}

export async function runHere(session: Session, { user, payload, flags }: RunHere): Promise<void> {
  const { json, output, keep = false } = flags;
  if (payload.callback_url) say('koalaci: callback_url is called for queued jobs only, not for this build\n');
  refuseArtifactUrl(payload, session.settings);
  const source = await localSource(payload.project_repo_url);
  const shown = json ? undefined : await openScreen(flags);
  const screen = shown ?? new JsonScreen();
  const atHome = artifactsAtHome(session);
  const artifacts = output ? { ...atHome, directory: resolve(output), flat: true } : atHome;
  for (const directory of [artifacts.directory, artifacts.objects]) prepareDirectory(directory);
  // A relative path means another place for who builds it again.
  const again = source ? { ...payload, project_repo_url: source.path } : payload;
  const kept = {
    sealed: seal(again, findSecret(session) ?? '', 'job'),
    seconds: session.settings.rerunSeconds,
  };
  const here: Omit<BuildHere, 'screen'> = {
    ...{ artifacts, keepsFailed: keep },
    asked: ({ installation }) =>
      newJob(installation, { user, payload, kept, ...(source ? { localSource: source } : {}) }),
    before: async (redis, { record }) => {
      if (payload.supersede) await (await import('../queue/supersede.js')).supersede(redis, record);
    },
    after: async (redis, outcome) => {
      process.exitCode = exitCode(outcome);
      if (shown && outcome.kind === 'ended') await addFacts(session, redis, shown, outcome.record);
      await uploaded(outcome);
    },
  };
  await withTracing(session, (traced) => buildHere(session, { ...here, screen: traced(screen) }));
}

async function addFacts(
  session: Session,
  redis: Redis,
  screen: BuildScreen,
  record: JobRecord,
): Promise<void> {
  const { factsHere, showFacts } = await import('./show-facts.js');
  await showFacts(screen, record, () => factsHere(session, redis, record));
}

/** Only a queued job can be requeued, and that is no failure. */
export function exitCode(outcome: Outcome): number {
  if (outcome.kind === 'requeued') return 0;
  return outcome.failure ? exitCodeOf(outcome.failure) : exitCodeOfEnding(outcome.ending);
}

/** Waits for an upload for which READY did not wait. */
async function uploaded(outcome: Outcome): Promise<void> {
  const why = outcome.kind === 'ended' ? await outcome.uploaded : undefined;
  if (outcome.kind !== 'ended' || why === undefined) return;
  const { deployment } = outcome.record;
  throw new KoalaError('environment', `${deployment} is READY, but could not be uploaded: ${why}`, {
    remedy: `The artifact is kept: "koalaci upload ${deployment}" sends it again.`,
  });
}
