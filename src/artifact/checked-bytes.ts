// Passes bytes on whose hash is known.
import { createHash } from 'node:crypto';

/** The last piece comes only when all are what they should be: nobody takes for whole what is not. Else it ends with this error. */
export async function* checkedBytes(
  pieces: AsyncIterable<Uint8Array>,
  sha256: string,
  failure: () => Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const piece of pieces) {
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (hash.digest('hex') !== sha256) throw failure();
  if (held) yield held;
}
