// Audits reuse: compares a build with the one that could have been reused in its place.

import { listOf } from '../reuse/artifact.js';
import { differingPaths, type Finding, judge } from '../reuse/compare.js';
import { entryOf } from '../reuse/remember.js';
import { type ReuseEntry, turnReuseOff } from '../store/reuse.js';
import type { Build } from './build.js';
import { buildClean } from './clean-build.js';
import type { BuildReporter } from './reporter.js';

/**
 * Compares a build that has shipped with the one that could have been reused. If they differ, builds once more from nothing: where
 * that makes the same as this build, reuse was wrong, and the project has none from now on.
 */
export async function audit(build: Build, reporter: BuildReporter, reusable: ReuseEntry): Promise<void> {
  const own = entryOf(reporter.record);
  const [before, now] = await Promise.all([listOf(reusable), own && listOf(own)]);
  if (!before || !now) return;
  const { deployment } = reusable;
  const isSame = before.equals(now);
  const paths = isSame ? '' : differingPaths(before, now);
  if (!isSame)
    reporter.say(
      `${deployment}, which could have been reused, has other files (${paths}); building once more from nothing`,
    );
  const again = isSame ? undefined : await buildClean(build, reporter).catch(() => undefined);
  const finding = judge(before, now, again);
  reporter.say(wordsOf(finding, deployment, paths));
  build.screen.show({ type: 'audited', finding });
  if (finding !== 'wrong') return;
  const why = `reuse is off for this project: ${deployment} would have been reused, and was wrong (${paths})`;
  const { redis, retentionSeconds } = build.settings;
  await turnReuseOff(redis, reporter.record, why, retentionSeconds).catch(() => {});
}

function wordsOf(finding: Finding, deployment: string, paths: string): string {
  switch (finding) {
    case 'same':
      return `${deployment}, which could have been reused, has the same files`;
    case 'wrong':
      return `a build from nothing has the files of this one: ${deployment} would have been wrong, so reuse is off for this project from now on; please report it, with what ${paths} is made from`;
    case 'right':
      return `a build from nothing has the files of ${deployment}: it would have been right, and this build is not`;
    case 'not_comparable':
      return `a build from nothing has other files than both: this project's builds cannot be compared`;
  }
}
