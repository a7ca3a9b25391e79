// What a web server has to know of an artifact beside its files: how missing pages are answered, and which rules it brings. Pure.
import * as z from 'zod';

export const Hosting = z.object({
  /** Files with rules, as Netlify and Cloudflare Pages read them. */
  redirects: z.string().optional(),
  headers: z.string().optional(),
  /** The page for what is missing. */
  not_found: z.string().optional(),
  /** The page that is answered for every path without a file: of a site that is a single page. */
  fallback: z.string().optional(),
});
export type Hosting = z.infer<typeof Hosting>;

/** Sees the path of each file, one after the other. */
export class HostingHints {
  readonly #has = new Set<string>();
  #pages = 0;

  file(path: string): void {
    if (/\.html?$/i.test(path)) this.#pages++;
    if (NAMES.has(path)) this.#has.add(path);
  }

  /** What they mean. A site whose only page is its index.html is one page. */
  get hosting(): Hosting {
    const has = (name: string) => this.#has.has(name);
    const only = this.#pages === 1 && has('index.html') ? 'index.html' : undefined;
    const fallback = has('200.html') ? '200.html' : only;
    return {
      ...(has('_redirects') ? { redirects: '_redirects' } : {}),
      ...(has('_headers') ? { headers: '_headers' } : {}),
      ...(has('404.html') ? { not_found: '404.html' } : {}),
      ...(fallback === undefined ? {} : { fallback }),
    };
  }
}

const NAMES = new Set(['_redirects', '_headers', '404.html', '200.html', 'index.html']);
