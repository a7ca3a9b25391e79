// While a project builds, the operator's targets begin with the upload: what is served next is often much like what is served now.

import { parseReleases, releasesAt } from '../releases/project-releases.js';
import { earlierRelease } from '../releases/releasing.js';
import { aimsOf } from '../releases/ship.js';
import { readReleases } from '../store/releases.js';
import type { PreparedUpload } from '../upload/target.js';
import type { Build } from './build.js';
import { environmentOf } from './environment.js';
import type { BuildReporter } from './reporter.js';

/** By the name of the target. */
type Prepared = ReadonlyMap<string, PreparedUpload>;

const NONE: Prepared = new Map();

export class PreparedUploads implements Disposable {
  readonly #ended = new AbortController();
  #preparing = Promise.resolve(NONE);

  /** Begins, once the source is known. Where it fails, nothing is prepared: the upload says what is wrong. */
  begin(build: Pick<Build, 'job' | 'settings'>, reporter: BuildReporter): void {
    if (!build.settings.targets?.readyAfterUpload) return;
    this.#preparing = prepareAll(build, reporter, this.#ended.signal).catch(() => NONE);
  }

  /** What is prepared, once all of it is. */
  all(): Promise<Prepared> {
    return this.#preparing;
  }

  /** Removes what nobody has used. READY does not wait for that. */
  [Symbol.dispose](): void {
    this.#ended.abort();
    void this.#preparing.then((prepared) => {
      for (const one of prepared.values()) void one[Symbol.asyncDispose]().catch(() => {});
    });
  }
}

async function prepareAll(
  { job, settings }: Pick<Build, 'job' | 'settings'>,
  reporter: BuildReporter,
  signal: AbortSignal,
): Promise<Prepared> {
  const { redis, targets } = settings;
  const opened = (await targets?.open()) ?? [];
  const record = {
    ...reporter.record,
    ...(await environmentOf(job, reporter.defaultBranch, redis)),
  };
  const { user, project } = record;
  const releases = parseReleases(await readReleases(redis, record));
  const prepared = new Map<string, PreparedUpload>();
  for (const { target, place } of aimsOf(opened, record)) {
    const last = releasesAt(releases, target.name).served[place];
    if (!target.prepare || !last) continue;
    try {
      const release = await earlierRelease(settings, { user, project, ...last });
      const made = await target.prepare(release, { signal, say: () => {} });
      if (made) prepared.set(target.name, made);
    } catch {
      // Without it, the upload takes longer.
    }
  }
  return prepared;
}
