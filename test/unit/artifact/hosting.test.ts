import { expect, it } from 'vitest';
import { HostingHints } from '../../../src/artifact/hosting.js';

it.each<[string, string[], object]>([
  ['nothing of a site with pages', ['index.html', 'about.html', 'a.css'], {}],
  [
    'its rules',
    ['index.html', 'about.html', '_redirects', '_headers'],
    { redirects: '_redirects', headers: '_headers' },
  ],
  ['not what is deeper', ['a.html', 'b.html', 'sub/_redirects', 'sub/404.html', 'sub/200.html'], {}],
  ['its page for what is missing', ['index.html', '404.html'], { not_found: '404.html' }],
  ['its fallback', ['index.html', '200.html', 'a.html'], { fallback: '200.html' }],
  ['that it is a single page', ['assets/a.js', 'index.html'], { fallback: 'index.html' }],
  ['not that any page is', ['app.html'], {}],
  ['nothing of a single page further down', ['docs/index.html'], {}],
])('says of a site %s', (_, files, hosting) => {
  const hints = new HostingHints();
  for (const file of files) hints.file(file);
  expect(hints.hosting).toEqual(hosting);
});
