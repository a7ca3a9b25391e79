// Reads the list that a container sends of what is in the dist directory (ci/steps/artifact-list.py), piece by piece.
import type { TarEntry } from './tar-reader.js';

/** More than an entry has: no system opens a longer path. */
const MOST_LETTERS = 64 * 1024;
/** Type, mode, bytes and hash, if it has one. */
const HEAD = /^([0-7]) ([0-7]{1,5}) (\d{1,15}) ([0-9a-f]{64}|-)$/;
/** The type of what has a longer path than can be opened. */
const UNREADABLE = /^x /;

export class ListReader {
  readonly #onEntry: (entry: TarEntry, sha256: string) => void;
  /** What has no end yet. */
  #open = '';
  /** What is known of the entry that is being read. */
  #fields: string[] = [];
  #unreadable = false;
  /** Whether the end mark has been read. */
  isComplete = false;

  /** The hash is empty where there is no content. */
  constructor(onEntry: (entry: TarEntry, sha256: string) => void) {
    this.#onEntry = onEntry;
  }

  /** Whether it has an entry of which nobody could look at all. */
  get hasUnreadable(): boolean {
    return this.#unreadable;
  }

  /** @throws Error when it is no such list, or something comes after its end */
  write(data: Buffer): void {
    const fields = (this.#open + data.toString('latin1')).split('\0');
    this.#open = fields.pop() ?? '';
    for (const field of fields) this.#field(field);
    if (this.#open.length > MOST_LETTERS) throw new Error('the list has a name without an end');
    if (this.isComplete && this.#open !== '') throw new Error('the list goes on after its end');
  }

  #field(field: string): void {
    if (this.isComplete) throw new Error('the list goes on after its end');
    if (this.#fields.length === 0 && field === '') {
      this.isComplete = true;
      return;
    }
    this.#fields.push(field);
    if (this.#fields.length < 3) return;
    const [head = '', path = '', target = ''] = this.#fields;
    this.#fields = [];
    this.#entry(head, path, target);
  }

  #entry(head: string, path: string, target: string): void {
    this.#unreadable ||= UNREADABLE.test(head);
    const [, type = '', mode = '', size = '', sha256 = ''] = HEAD.exec(head.replace(UNREADABLE, '6 ')) ?? [];
    if (type === '') throw new Error('the list has an entry that koalaci did not write');
    const entry = { type, path, target, size: Number(size), mode: Number.parseInt(mode, 8) };
    this.#onEntry(entry, sha256 === '-' ? '' : sha256);
  }
}
