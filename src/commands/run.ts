// koalaci run: builds a job here and now.

import { resolve } from 'node:path';
import { exitCodeOfEnding } from '../job/ending.js';
import { exitCodeOf, KoalaError } from '../job/errors.js';
import { parsePayload } from '../job/payload.js';
import type { Outcome } from '../runner/conclude.js';
import { newJob } from '../runner/job.js';
import { localSource } from '../runner/local-source.js';
import { prepareDirectory } from '../settings/make-directory.js';
import { JsonScreen } from '../ui/json-screen.js';
import { openScreen } from '../ui/open-screen.js';
import { say } from '../ui/print.js';
import { refuseArtifactUrl } from '../upload/artifact-url.js';
import { authenticate } from './authenticate.js';
import { buildHere } from './build-here.js';
import { artifactsAtHome } from './build-settings.js';
import { type RunFlags, readJob } from './job-input.js';
import { openSession } from './session.js';

export async function run(file: string | undefined, flags: RunFlags): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const payload = parsePayload(await readJob(file, flags, session.env));
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  if (flags.detach && flags.keep) {
    throw new KoalaError('bad_input', '--keep: not with --detach, which has another process build the job', {
      remedy: 'Set KOALACI_KEEP_FAILED=1 where that runs.',
    });
  }
  if (flags.detach) {
    const { detach } = await import('./detach.js');
    return detach(session, user, payload, flags);
  }
  if (payload.callback_url) say('koalaci: callback_url is called for queued jobs only, not for this build\n');
  refuseArtifactUrl(payload, session.settings);
  const source = await localSource(payload.project_repo_url);
  const shown = flags.json ? undefined : await openScreen(flags);
  const screen = shown ?? new JsonScreen();
  const atHome = artifactsAtHome(session);
  const artifacts = flags.output ? { ...atHome, directory: resolve(flags.output), flat: true } : atHome;
  for (const directory of [artifacts.directory, artifacts.objects]) prepareDirectory(directory);
  await buildHere(session, {
    ...{ artifacts, screen, keepsFailed: flags.keep ?? false },
    asked: ({ installation }) =>
      newJob(installation, { user, payload, ...(source ? { localSource: source } : {}) }),
    before: async (redis, { record }) => {
      if (payload.supersede) await (await import('../queue/supersede.js')).supersede(redis, record);
    },
    after: async (redis, outcome) => {
      process.exitCode = exitCode(outcome);
      if (shown) await (await import('./build-facts.js')).addFacts(shown, redis, outcome);
      await uploaded(outcome);
    },
  });
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
