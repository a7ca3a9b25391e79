import { expect, it } from 'vitest';
import { contentTypeOf } from '../../../src/artifact/content-type.js';

it.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['a/app.3f2a.js', 'text/javascript; charset=utf-8'],
  ['data.json', 'application/json'],
  ['icon.svg', 'image/svg+xml'],
  ['photo.JPG', 'image/jpeg'],
  ['font.woff2', 'font/woff2'],
  ['module.wasm', 'application/wasm'],
  ['_headers', 'application/octet-stream'],
])('%s is %s', (path, type) => expect(contentTypeOf(path)).toBe(type));
