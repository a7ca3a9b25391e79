// What an artifact has in it, by size: from its manifest, of which no more is held than is shown.
import type { OpenFile } from '../archives/open-file.js';
import type { ListedEntry } from '../artifact/listing.js';
import { entriesOf } from '../artifact/read-listing.js';

export interface Contents {
  /** The largest first. */
  largest: { path: string; bytes: number }[];
  /** What each kind of file comes to, the most first. */
  kinds: { name: string; files: number; bytes: number }[];
}

const MOST_FILES = 15;

/** By the end of the name. What is in no row is `other`. */
const KINDS: Record<string, string[]> = {
  pages: ['html', 'htm', 'xhtml'],
  scripts: ['js', 'mjs', 'cjs', 'wasm'],
  'source maps': ['map'],
  styles: ['css'],
  images: ['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'avif', 'ico'],
  fonts: ['woff', 'woff2', 'ttf', 'otf', 'eot'],
  media: ['mp4', 'webm', 'mp3', 'ogg', 'wav', 'mov'],
  data: ['json', 'xml', 'txt', 'csv', 'pdf', 'yaml', 'yml', 'md'],
};
const KIND_OF = new Map(Object.entries(KINDS).flatMap(([name, ends]) => ends.map((end) => [end, name])));

/** Reads it, and closes the manifest. */
export async function contentsOf(manifest: OpenFile): Promise<Contents> {
  const survey = new Survey();
  for await (const entry of entriesOf(manifest.read())) if (entry.type === 'file') survey.add(entry);
  return survey.contents();
}

class Survey {
  readonly #kinds = new Map<string, { files: number; bytes: number }>();
  #largest: Contents['largest'] = [];

  add({ path = '(a name that is not UTF-8)', size: bytes = 0 }: ListedEntry): void {
    const kind = KIND_OF.get(path.split('.').at(-1)?.toLowerCase() ?? '') ?? 'other';
    const { files, bytes: before } = this.#kinds.get(kind) ?? { files: 0, bytes: 0 };
    this.#kinds.set(kind, { files: files + 1, bytes: before + bytes });
    if (bytes <= (this.#largest[MOST_FILES - 1]?.bytes ?? -1)) return;
    this.#largest = [...this.#largest, { path, bytes }]
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, MOST_FILES);
  }

  contents(): Contents {
    const kinds = [...this.#kinds].map(([name, one]) => ({ name, ...one }));
    return { largest: this.#largest, kinds: kinds.sort((a, b) => b.bytes - a.bytes) };
  }
}
