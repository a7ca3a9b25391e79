import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archiveGzip } from '../../../src/artifact/gzip.js';

const BLOCK = 256 * 1024;
/** Compresses to a fifth or so, and is nowhere the same. */
const TEXT = Buffer.from(Array.from({ length: 100_000 }, (_, n) => `line ${n * 7919}\n`).join(''));

describe('the compressor of archives', () => {
  for (const size of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 1, TEXT.length])
    it(`gives ${size} bytes back`, async () => {
      const data = TEXT.subarray(0, size);
      const compressed = await gzip(data, 64 * 1024);
      expect(gunzipSync(compressed).equals(data)).toBe(true);
      expect(
        execFileSync('gzip', ['-dc'], { input: compressed, maxBuffer: Number.POSITIVE_INFINITY }).equals(
          data,
        ),
      ).toBe(true);
    });

  it('gives the same bytes in whatever pieces the data comes', async () => {
    const whole = await gzip(TEXT, TEXT.length);
    for (const piece of [1000, BLOCK, BLOCK + 1]) expect((await gzip(TEXT, piece)).equals(whole)).toBe(true);
  });

  it('compresses across the borders of its blocks', async () => {
    // Nothing can be left out of noise, but where it comes again.
    const noise = createHash('shake256', { outputLength: 16 * 1024 }).digest();
    const first = Buffer.concat([Buffer.alloc(BLOCK - noise.length), noise]);
    const once = await gzip(first, BLOCK);
    const twice = await gzip(Buffer.concat([first, noise]), BLOCK);
    expect(twice.length - once.length).toBeLessThan(1024);
  });
});

function gzip(data: Buffer, piece: number): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(data.length / piece) }, (_, n) =>
    data.subarray(n * piece, (n + 1) * piece),
  );
  return buffer(Readable.from(pieces).pipe(archiveGzip()));
}
