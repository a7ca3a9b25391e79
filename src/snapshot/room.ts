// Sees to it that a build begins only with room on the disks that it writes to. The oldest snapshots go first to make some.
import { KoalaError } from '../job/errors.js';
import type { InstallationId } from '../job/identity.js';
import { type Reserve, showSpace, spaceAt } from '../settings/free-space.js';
import { removeAllKept } from './kept.js';
import { listSnapshots, type ReadUses, removeSnapshots } from './prune.js';

export interface RoomOptions {
  installation: InstallationId;
  /** The data directory. */
  home: string;
  reserve: Reserve;
  readUses: ReadUses;
}

export class Room {
  readonly #options: RoomOptions;
  #making: Promise<void> | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /**
   * Returns at once when there is room. Else it makes room, once for all builds that ask meanwhile. `engine`: a directory on the disk of
   * the engine's data; undefined, or not on this machine, if that is not known.
   * @throws KoalaError `environment` when there is still too little
   */
  async ensure(engine: string | undefined): Promise<void> {
    if (!(await this.#shortage(engine))) return;
    this.#making ??= this.#make(engine).finally(() => {
      this.#making = undefined;
    });
    // It may fail, and others may make room.
    await this.#making.catch(() => {});
    const shortage = await this.#shortage(engine);
    if (shortage) throw noRoom(shortage);
  }

  /** Says which disk has too little space; undefined when none has. */
  async #shortage(engine: string | undefined): Promise<string | undefined> {
    const { home, reserve } = this.#options;
    const disks = { "the engine's disk": engine, 'the disk of the data directory': home };
    const looks = Object.entries(disks).map(async ([disk, directory]) => {
      const space = directory === undefined ? undefined : await spaceAt(directory, reserve);
      return space && space.free < space.reserved ? `${disk} has ${showSpace(space)}` : undefined;
    });
    return (await Promise.all(looks)).find((shortage) => shortage !== undefined);
  }

  /** Removes one snapshot after the other, the one that has not been used for the longest time first, until there is room. */
  async #make(engine: string | undefined): Promise<void> {
    const { installation, readUses } = this.#options;
    await removeAllKept(installation);
    const entries = await listSnapshots(installation, readUses);
    for (const entry of entries.reverse()) {
      if (!(await this.#shortage(engine))) return;
      await removeSnapshots(installation, [entry]);
    }
  }
}

/** The user of the job reads it too: it names no place on the machine. */
function noRoom(shortage: string): KoalaError {
  return new KoalaError('environment', `no build begins here now: ${shortage}`, {
    remedy:
      'Free some space ("docker system df" and "koalaci doctor" show more), or lower KOALACI_DISK_FREE.',
  });
}
