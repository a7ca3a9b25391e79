// Removes from the stores for all machines what has been removed here: the record says that it is gone, and nobody asks for it.
import { identityOf } from '../artifact/identity.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import type { JudgedArchive } from './standing.js';

/** Removes the stored copies of archives. What fails stays there: returns the first error. */
export async function removeStored(
  openTargets: () => Promise<readonly Pick<ConfiguredTarget, 'target'>[]>,
  archives: readonly Pick<JudgedArchive, 'user' | 'project' | 'deployment' | 'head'>[],
): Promise<unknown> {
  let failure: unknown;
  try {
    const stores = (await openTargets()).flatMap(({ target }) => target.archives ?? []);
    for (const store of stores)
      for (const { head, ...owner } of archives)
        if (head)
          await store.remove(owner, identityOf(head)).catch((error: unknown) => {
            failure ??= error;
          });
  } catch (error) {
    failure = error;
  }
  return failure;
}
