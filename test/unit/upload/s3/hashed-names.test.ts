import { describe, expect, it } from 'vitest';
import { isImmutable, mayBeHashed } from '../../../../src/upload/s3/hashed-names.js';

describe('a name with a hash in it is kept for ever', () => {
  it.each([
    'assets/index-BxYz12_a.js', // Vite, Rollup
    'assets/app.D8xYz1Q3.js', // VitePress
    'main-5QZ3KXW7.js', // Angular, esbuild
    'static/js/main.8f3a2b1c.js', // Create React App
    'static/js/787.28cb0dcd.chunk.js',
    'static/js/main.8f3a2b1c.js.map',
    'css/style.min.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.css', // Hugo
    '9f86d081884c7d659a2f.js', // webpack
    'static/0f1e2d3c4b5a69788796a5b4c3d2e1f0/photo.jpg', // Gatsby
    '_next/static/chunks/pages/index.js',
    'docs/_astro/page.css',
    '_app/immutable/entry/start.js',
    '_nuxt/entry.js',
    '_nuxt/builds/meta/dev.json',
    'img/logo.BxYzAbCd.svg',
  ])('%s', (path) => expect(isImmutable(path)).toBe(true));
});

describe('a name that somebody has written is asked for again', () => {
  it.each([
    'index.html',
    '_next/static/page.html',
    'page-8f3a2b1c.html',
    'assets/style.css',
    'assets/logo-facebook.svg',
    'assets/icon-menuIcon.svg',
    'photos/DSC01234.jpg',
    'photos/hero-1024x768.jpg',
    'img/photo-DSC01234.jpg',
    'report-20240115.pdf',
    'report-20240115b.pdf',
    'jquery-3.7.1.min.js',
    'assets/version2.js',
    'sw.js',
    '_app/version.json',
    '_nuxt/builds/latest.json',
    'downloads/Makefile',
    'defaced.js',
    '_redirects',
  ])('%s', (path) => expect(isImmutable(path)).toBe(false));
});

it('keeps for open pages also what only may have a hash, but no pages', () => {
  expect(mayBeHashed('assets/index-abcdefgh.js')).toBe(true);
  expect(mayBeHashed('assets/index-abcdefgh.js.map')).toBe(true);
  expect(mayBeHashed('blog/my-personal.html')).toBe(false);
  expect(mayBeHashed('assets/style.css')).toBe(false);
});
