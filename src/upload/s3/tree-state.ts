// What an object store is known to have of a tree, kept beside the tree: so that an upload asks once, and puts what has changed.
import * as z from 'zod';
import type { Bucket } from './bucket.js';
import type { Known, Tree } from './plan.js';

/** Another one is not read: what the tree has is put anew then. It changes with the headers of files, too. */
const VERSION = 1;
const JSON_TYPE = { ContentType: 'application/json', CacheControl: 'private, no-store' };

const State = z.object({
  version: z.literal(VERSION),
  files: z.array(z.tuple([z.string(), z.string(), z.number().optional()])),
});
const Pending = z.object({ by: z.string(), paths: z.array(z.string()) });
type Pending = z.infer<typeof Pending>;

export interface TreeKeys {
  /** Where the tree begins. */
  tree: string;
  /** Of the objects here, which are not to be served. */
  state: string;
}

/** The state of one tree, for one upload. */
export class TreeState {
  readonly #bucket: Bucket;
  readonly #keys: TreeKeys;
  readonly #by: string;
  #pending: Pending | undefined;

  /** `by` is the same for all that one process does with a release. */
  constructor(bucket: Bucket, keys: TreeKeys, by: string) {
    this.#bucket = bucket;
    this.#keys = keys;
    this.#by = by;
  }

  /** The tree as it is. Without a state that can be read, what it has is listed. */
  async read(): Promise<Tree> {
    const [state, pending] = await Promise.all([
      this.#get(this.#state, State),
      this.#get(this.#touched, Pending),
    ]);
    this.#pending = pending;
    const tree = new Map<string, Known>();
    for (const [path, sha256, goneAt] of state?.files ?? [])
      tree.set(path, { sha256, ...(goneAt === undefined ? {} : { goneAt }) });
    const unknown = pending?.paths ?? [];
    for (const path of state ? unknown : [...unknown, ...(await this.#listed())])
      tree.set(path, { ...tree.get(path), sha256: '' });
    return tree;
  }

  /**
   * Notes paths that will be changed: should this process die, nobody knows what they have. Those that an upload before has noted
   * stay so.
   */
  async begin(paths: readonly string[]): Promise<void> {
    const before = this.#pending?.paths ?? [];
    const all = [...new Set([...before, ...paths])];
    if (this.#pending?.by === this.#by && all.length === before.length) return;
    this.#pending = { by: this.#by, paths: all };
    await this.#put(this.#touched, this.#pending);
  }

  /** Writes what the tree is now. Returns false if another machine has changed it as well: then these paths stay unknown. */
  async end(tree: Tree): Promise<boolean> {
    const files = [...tree].map(([path, { sha256, goneAt }]) => [path, sha256, ...(goneAt ? [goneAt] : [])]);
    await this.#put(this.#state, { version: VERSION, files });
    const other = await this.#get(this.#touched, Pending);
    if (other?.by === this.#pending?.by) {
      if (other) await this.#bucket.remove(this.#touched);
      return true;
    }
    this.#pending = {
      by: this.#by,
      paths: [...new Set([...(other?.paths ?? []), ...(this.#pending?.paths ?? [])])],
    };
    await this.#put(this.#touched, this.#pending);
    return false;
  }

  /** Forgets the tree, which is empty. */
  async forget(): Promise<void> {
    await this.#bucket.remove(this.#state);
    await this.#bucket.remove(this.#touched);
  }

  get #state(): string {
    return `${this.#keys.state}state.json`;
  }

  get #touched(): string {
    return `${this.#keys.state}pending.json`;
  }

  async #listed(): Promise<string[]> {
    const { tree } = this.#keys;
    return (await this.#bucket.list(tree)).map((key) => key.slice(tree.length)).filter((path) => path !== '');
  }

  async #get<Value>(key: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
    const bytes = await this.#bucket.get(key);
    if (!bytes) return undefined;
    try {
      return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
    } catch {
      return undefined;
    }
  }

  async #put(key: string, value: object): Promise<void> {
    await this.#bucket.put(key, Buffer.from(JSON.stringify(value)), JSON_TYPE);
  }
}
