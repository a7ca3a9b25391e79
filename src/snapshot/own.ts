// The snapshots of one user: lists them, and removes those that the user does not want any more.
import { KoalaError } from '../job/errors.js';
import type { InstallationId, UserId } from '../job/identity.js';
import { removeKept } from './kept.js';
import {
  chooseForPruning,
  isOf,
  listSnapshots,
  type ReadUses,
  removeSnapshots,
  type StoredSnapshot,
} from './prune.js';
import { removeUnowned } from './unowned.js';

export interface RemovedSnapshots {
  snapshots: number;
  bytes: number;
  /** How many of an earlier version of koalaci, which belong to no installation. */
  unowned: number;
}

export interface PruneWish {
  /** Also those that were not used for so many milliseconds. */
  maxAge?: number | undefined;
  /** Instead of the operator's limit. */
  maxBytes?: number | undefined;
}

export class OwnSnapshots {
  readonly #installation: InstallationId;
  readonly #user: UserId;
  readonly #readUses: ReadUses;
  readonly #mostBytes: number;

  /** `mostBytes`: how many a user keeps who prunes and says nothing else. */
  constructor(
    installation: InstallationId,
    { user, readUses, mostBytes }: { user: UserId; readUses: ReadUses; mostBytes: number },
  ) {
    this.#installation = installation;
    this.#user = user;
    this.#readUses = readUses;
    this.#mostBytes = mostBytes;
  }

  /** The most recently used one first. */
  list(): Promise<StoredSnapshot[]> {
    return listSnapshots(this.#installation, this.#readUses, this.#user);
  }

  /** Removes the least recently used ones, until the rest fits. */
  async prune({ maxAge, maxBytes = this.#mostBytes }: PruneWish): Promise<RemovedSnapshots> {
    const limits = { maxBytes, ...(maxAge === undefined ? {} : { maxAge }) };
    const removed = await this.#remove(chooseForPruning(await this.list(), limits, Date.now()));
    return { ...removed, unowned: await removeUnowned(this.#user) };
  }

  /**
   * Removes those of a project, or of one of its branches, and what is kept of its failed builds.
   * @throws KoalaError `not_found` if there is none
   */
  async remove(project: string, branch: string | undefined): Promise<RemovedSnapshots> {
    const entries = (await this.list()).filter((entry) => isOf(entry, project, branch));
    await removeKept(this.#installation, this.#user, { project, branch });
    if (entries.length > 0) return this.#remove(entries);
    const of = [project, branch].filter(Boolean).join(', ');
    throw new KoalaError('not_found', `there is no snapshot of ${of}`, {
      remedy: '"koalaci cache ls" shows your snapshots.',
    });
  }

  async #remove(entries: StoredSnapshot[]): Promise<RemovedSnapshots> {
    await removeSnapshots(this.#installation, entries);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return { snapshots: entries.length, bytes, unowned: 0 };
  }
}
