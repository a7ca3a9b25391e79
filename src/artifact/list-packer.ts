// Makes the artifact of a list: of what the dist directory has, only those contents come that the store lacks. There is no archive.
//
// The list is made in a stranger's container. What it names without sending it has to be known to those who build there: the
// branch has shipped it before. All else is sent, and hashed here.
import { rm } from 'node:fs/promises';
import type { Cause } from '../job/ending.js';
import type { EarlierContents } from './earlier-artifacts.js';
import type { Hosting } from './hosting.js';
import { ListReader } from './list-reader.js';
import { listedAt } from './listed-lines.js';
import { type ListedEntry, Listing, listedEntry } from './listing.js';
import { ObjectWriter } from './object-writer.js';
import type { Noted, Packed } from './pack-answer.js';
import type { PackOptions } from './pack-options.js';
import { type Finding, SecretSearch } from './secret-search.js';
import { Shipment } from './shipment.js';
import { searchStored } from './stored-search.js';
import type { TarEntry } from './tar-reader.js';
import { WantedContents } from './wanted-contents.js';

/** Lines of the list with contents that do not come: searched for the same values before, or not. */
export interface StoredLines {
  searched: number[];
  others: number[];
}

export interface ListOptions extends Omit<PackOptions, 'listed'> {
  /** What may be known, and the key of what is searched for. */
  earlier: readonly EarlierContents[];
  searchKey: string;
  /** Hears once of each entry of the list whether its content is wanted, 1 or 0. */
  onWanted: (answers: string) => void;
}

/** Reads the list, then the contents, piece by piece with write(). Then close() completes it, or abort() leaves nothing. */
export class ListPacker {
  readonly #options: ListOptions;
  readonly #reader = new ListReader((entry, sha256) => this.#read(entry, sha256));
  readonly #shipment: Shipment;
  readonly #listing: Listing;
  readonly #objects: ObjectWriter;
  readonly #search: SecretSearch;
  /** Of each entry that was read, whether it is wanted. */
  readonly #answers: ('0' | '1')[] = [];
  /** The contents that come, so that none comes twice. */
  readonly #coming = new Set<string>();
  readonly #wanted: number[] = [];
  readonly #stored: StoredLines = { searched: [], others: [] };
  #lines = 0;
  #sha256 = '';
  #lacksHash = false;
  #listed: { digest: string; nothing: Cause | undefined; contents: WantedContents } | undefined;
  #found: Finding[] = [];

  constructor(options: ListOptions) {
    this.#options = options;
    this.#listing = new Listing(options.list);
    this.#objects = new ObjectWriter(options.objects);
    this.#search = new SecretSearch(options.secrets);
    this.#shipment = new Shipment(options.limits, {
      admitted: (entry) => this.#search.entry(entry),
      shipped: (entry) => this.#ship(entry),
    });
  }

  /** The cause that ends the build, once it is known. */
  get cause(): Cause | undefined {
    return this.#listed?.contents.cause ?? this.#shipment.cause;
  }

  get hosting(): Hosting {
    return this.#shipment.hosting;
  }

  get noted(): Noted {
    return this.#shipment.noted;
  }

  /** The secrets that are in it: also in what did not come. */
  get findings(): Finding[] {
    return this.#found;
  }

  /** @throws Error when it is not as artifact-list.py writes it, or cannot be stored */
  write(data: Buffer): void {
    if (this.cause) return;
    if (this.#listed) this.#listed.contents.write(data);
    else this.#reader.write(data);
    if (this.#reader.isComplete && !this.#listed && !this.cause) this.#endList();
    if (this.#listed?.contents.isComplete) this.#found = this.#findAll();
  }

  /** Nothing waits here. */
  ready(): undefined {}

  /**
   * Completes it. Returns a cause instead when what there is has to end the build.
   * @throws Error when something is missing
   */
  async close(): Promise<Packed | Cause> {
    if (this.cause) return this.cause;
    if (!this.#listed) throw new Error('the list has no end');
    const { nothing, contents, digest } = this.#listed;
    if (nothing) return nothing;
    if (!contents.isComplete) throw new Error('contents of the list are missing');
    const { files, bytes } = this.#shipment;
    return { files, bytes, digest };
  }

  /** Removes the list. Objects that are complete stay, until a prune takes those that nobody needs. */
  async abort(): Promise<void> {
    this.#objects.abort();
    await rm(this.#options.list, { force: true });
  }

  #read(entry: TarEntry, sha256: string): void {
    this.#answers.push('0');
    this.#sha256 = sha256;
    this.#shipment.entry(entry);
  }

  #ship(entry: TarEntry): void {
    const listed = listedEntry(entry, this.#sha256);
    this.#listing.add(listed);
    const line = this.#lines++;
    if (listed.type !== 'file') return;
    if (this.#sha256 === '') this.#lacksHash = true;
    else this.#want(line, listed, entry.size);
  }

  #want(line: number, { mode }: ListedEntry, size: number): void {
    const sha256 = this.#sha256;
    const { earlier, searchKey, secrets } = this.#options;
    const name = `${sha256}-${mode}`;
    if (this.#coming.has(name)) return;
    const content = { sha256, mode, size };
    const knowing = earlier.filter(({ has }) => has(content));
    if (knowing.length === 0) {
      this.#coming.add(name);
      this.#answers[this.#answers.length - 1] = '1';
      this.#wanted.push(line);
    } else if (secrets.length > 0) {
      const isSearched = knowing.some(({ searched }) => searched.key === searchKey);
      this.#stored[isSearched ? 'searched' : 'others'].push(line);
    }
  }

  #endList(): void {
    // More than may be shipped is listed without hashes, and refused before.
    if (this.#lacksHash || this.#reader.hasUnreadable) throw new Error('not all of it could be read');
    const nothing = this.#shipment.end();
    const digest = this.#listing.close();
    this.#coming.clear();
    const entries = listedAt(this.#options.list, this.#wanted);
    this.#options.onWanted(this.#answers.join(''));
    this.#listed = { digest, nothing, contents: new WantedContents(entries, this.#objects, this.#search) };
  }

  #findAll(): Finding[] {
    const { earlier, searchKey, secrets, list, objects } = this.#options;
    const before = earlier.filter(({ searched }) => searched.key === searchKey);
    return searchStored(this.#search, {
      ...{ list, lines: this.#stored, directory: objects.directory, secrets },
      expected: new Set(before.flatMap(({ searched }) => searched.found)),
    });
  }
}
