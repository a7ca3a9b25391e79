// Opens what reports a job: its record and log in Redis, and its screen.
import { Recorder } from '../store/recorder.js';
import type { Build } from './build.js';
import type { RequestedJob } from './job.js';
import type { Secrets } from './job-secrets.js';
import { BuildReporter } from './reporter.js';

/** Opens the reporter of a job that this runner has claimed. What ends the job elsewhere reaches the verdict. */
export function openReporter(
  { record, resumed }: Pick<RequestedJob, 'record' | 'resumed'>,
  secrets: Omit<Secrets, 'operator' | 'places'>,
  { settings, screen, verdict }: Pick<Build, 'settings' | 'screen' | 'verdict'>,
): BuildReporter {
  const recorder = new Recorder(settings.redis, record, {
    logLimit: settings.limits.log,
    retentionSeconds: settings.retentionSeconds,
    onCancel: (why) => verdict.decide({ reason: 'canceled', message: why }),
    onLost: () =>
      verdict.decide({ reason: 'runner_lost', message: 'the job has ended, or another runner has it now' }),
    ...(resumed ? { from: resumed.from } : {}),
    ...(settings.patienceMs ? { patienceMs: settings.patienceMs } : {}),
  });
  const { secrets: operator, hidesPlaces = false } = settings;
  return new BuildReporter(recorder, screen, { ...secrets, operator, places: hidesPlaces }, verdict);
}
