// koalaci run: builds a job here and now.

import { resolve } from 'node:path';
import { exitCodeOfEnding } from '../job/ending.js';
import { exitCodeOf, KoalaError } from '../job/errors.js';
import { parsePayload } from '../job/payload.js';
import { Verdict } from '../job/verdict.js';
import { acquire } from '../runner/acquire.js';
import { checkBuilder } from '../runner/check-builder.js';
import type { Outcome } from '../runner/conclude.js';
import { newJob } from '../runner/job.js';
import { localSource } from '../runner/local-source.js';
import { prepareDirectory } from '../settings/make-directory.js';
import { JsonScreen } from '../ui/json-screen.js';
import { LiveScreen } from '../ui/live-screen.js';
import { say } from '../ui/print.js';
import { refuseArtifactUrl } from '../upload/artifact-url.js';
import { authenticate } from './authenticate.js';
import { artifactsAtHome, buildSettings, sandboxDefaults } from './build-settings.js';
import { onInterrupt } from './interrupt.js';
import { type RunFlags, readJob } from './job-input.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function run(file: string | undefined, flags: RunFlags): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const payload = parsePayload(await readJob(file, flags, session.env));
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  if (flags.detach) {
    const { detach } = await import('./detach.js');
    return detach(session, user, payload, flags);
  }
  if (payload.callback_url) say('koalaci: callback_url is called for queued jobs only, not for this build\n');
  refuseArtifactUrl(payload, session.settings);
  const source = await localSource(payload.project_repo_url);
  const screen = flags.json ? new JsonScreen() : await LiveScreen.open();
  const verdict = new Verdict();
  using _ = onInterrupt((how) => verdict.decide({ reason: 'canceled', message: `canceled by ${how}` }));
  const atHome = artifactsAtHome(session);
  const artifacts = flags.output ? { ...atHome, directory: resolve(flags.output), flat: true } : atHome;
  for (const directory of [artifacts.directory, artifacts.objects]) prepareDirectory(directory);

  // Start the container first: it fetches the source while we load the other modules and connect to Redis.
  const defaults = await sandboxDefaults(session);
  const asked = newJob(defaults.installation, { user, payload, ...(source ? { localSource: source } : {}) });
  await using acquiring = acquire(asked, defaults, verdict.signal);
  const [{ buildJob }, { reapAll }] = await Promise.all([
    import('../runner/pipeline.js'),
    import('../runner/reaper.js'),
  ]);
  await withRedis(session, async (redis) => {
    const { job, container } = await acquiring.acquired;
    // Before the claim: a build that cannot begin leaves the record of the one before.
    await checkBuilder(job.base, defaults.builder);
    if (payload.supersede) await (await import('../queue/supersede.js')).supersede(redis, job.record);
    const reaping = reapAll(redis, defaults.installation, artifacts).catch(() => {});
    const settings = { redis, artifacts, ...buildSettings(session) };
    // Who names a directory wants a file in it.
    settings.keepsArchives ||= artifacts.flat;
    const building = buildJob({ job, container, settings, screen, verdict });
    process.exitCode = exitCode(await building.finally(() => reaping));
  });
}

/** Only a queued job can be requeued, and that is no failure. */
function exitCode(outcome: Outcome): number {
  if (outcome.kind === 'requeued') return 0;
  return outcome.failure ? exitCodeOf(outcome.failure) : exitCodeOfEnding(outcome.ending);
}
