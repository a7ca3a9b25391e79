// Takes the artifact of an earlier build, and believes it only if its bytes are those that were shipped.
import { copyFile, link, readFile, rm, writeFile } from 'node:fs/promises';
import { entriesIn } from '../artifact/listing.js';
import type { Form } from '../artifact/manifest.js';
import { listIn, readHead } from '../artifact/manifest-file.js';
import { hasObject } from '../artifact/objects.js';
import { bytesSha256, fileSha256 } from '../artifact/sha256.js';
import type { ReuseEntry } from '../store/reuse.js';

/** An artifact under names of its own, until it is published. Disposing of it removes what was not. */
export interface TakenArtifact extends AsyncDisposable {
  /** Undefined if it has no archive: that is made when somebody asks for it. */
  archive: string | undefined;
  /** The list of its entries, as in its manifest. */
  list: string;
  form: Omit<Form, 'hasArchive'>;
}

export interface Taking {
  /** Names a new file where it will be published. */
  partial: () => string;
  /** The directory of the user's objects. */
  objects: string;
  /** Whether one without an archive does not do. */
  needsArchive: boolean;
}

/** Takes the artifact of an entry; or says why it cannot be had. */
export async function takeArtifact(
  entry: ReuseEntry,
  { partial, objects, needsArchive }: Taking,
): Promise<TakenArtifact | { why: string }> {
  const { path, manifest, sha256 } = entry.artifact;
  const taken = { archive: partial(), list: partial() };
  const remove = async () => {
    for (const file of Object.values(taken)) await rm(file, { force: true });
  };
  try {
    const [head, entries] = await Promise.all([readHead(manifest), listOf(entry)]);
    if (!head || !entries) throw new Error('its manifest is not the one that was shipped any more');
    const { archive, archive_time: archiveTime = 0, hosting = {}, searched } = head;
    if (archive === undefined && needsArchive) throw new Error('its artifact has no archive');
    if (archive === undefined) checkObjects(entries, objects);
    else await takeArchive(path, { to: taken.archive, sha256: sha256 ?? '' });
    await writeFile(taken.list, entries);
    const form = { archiveTime, hosting, searched };
    return { ...taken, archive: archive && taken.archive, form, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    const { code, message } = error as NodeJS.ErrnoException;
    return { why: code === 'ENOENT' ? 'its artifact is not there any more' : message };
  }
}

async function takeArchive(path: string, { to, sha256 }: { to: string; sha256: string }): Promise<void> {
  // The same file under one more name: what is hashed is what will be shipped, whatever becomes of the first name.
  await link(path, to).catch(() => copyFile(path, to));
  if ((await fileSha256(to)) !== sha256)
    throw new Error('its artifact is not the one that was shipped any more');
}

/** Notes, too, that they are in use: no prune takes them now. */
function checkObjects(list: Buffer, objects: string): void {
  for (const { type, sha256 = '', size = 0, mode } of entriesIn(list))
    if (type === 'file' && !hasObject(objects, { sha256, mode, size }))
      throw new Error('files of its artifact are not there any more');
}

/** The list of the entries of an entry's artifact, as it was shipped; undefined if it is not there any more. */
export async function listOf({ artifact: { manifest, digest } }: ReuseEntry): Promise<Buffer | undefined> {
  const entries = await readFile(manifest).then(listIn, () => undefined);
  return entries && bytesSha256(entries) === digest ? entries : undefined;
}
