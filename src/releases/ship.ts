// Ships a release: uploads it to all targets, then has all of them serve it.
import type { RecordFields } from '../job/record.js';
import { canonicalRepository } from '../job/repository.js';
import { placeOf } from '../upload/place.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import type { Releasing } from './releasing.js';
import { type RetryOptions, retried } from './retried.js';
import { type Aim, type Outcome, type Switch, switchTo } from './switch.js';

/**
 * Uploads a release to all targets, then serves it, unless it is not confirmed: then it returns undefined.
 * @throws the first error of a target: nothing that is served has changed then
 */
export async function ship(
  context: Releasing,
  wanted: Switch,
  options: RetryOptions,
): Promise<Outcome[] | undefined> {
  await uploadToAll(wanted, options);
  return switchTo(context, wanted, options);
}

/** From where each target is to serve a deployment, by its record. */
export function aimsOf(targets: readonly ConfiguredTarget[], record: Readonly<RecordFields>): Aim[] {
  const { branch, repo, environment = 'preview', lessTrust } = record;
  const placed = { branch, repository: canonicalRepository(repo), environment, lessTrust };
  return targets.map((one) => ({ ...one, place: placeOf(placed, one.branches) }));
}

/** What came of a target, in words. */
export function describeOutcome({ target, place, whyNot }: Outcome): string {
  return whyNot === undefined
    ? `${target} serves it from ${place}`
    : `${target} does not serve it from ${place}: ${whyNot}`;
}

/** Side by side. Throws once all have ended. */
async function uploadToAll(
  { aims, release, others = [] }: Pick<Switch, 'aims' | 'release' | 'others'>,
  options: RetryOptions,
): Promise<void> {
  const uploads = [
    ...aims.map(({ target, place, prepared }) =>
      retried(
        `the upload to ${target.name}`,
        () => target.upload(release, { ...options, place, prepared }),
        options,
      ),
    ),
    ...others.map(({ what, send }) => retried(what, () => send(options.signal), options)),
  ];
  const failed = (await Promise.allSettled(uploads)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
