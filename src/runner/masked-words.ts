// Hides the secrets of a job in the words of a failure, which may repeat an address, or the last output. Pure.
import type { Cause } from '../job/ending.js';
import { visible } from '../job/printable.js';
import type { Masker } from '../secrets/mask.js';
import { cut } from './explanations/extract.js';

/** The words of a failure without secrets. In the output, colours may have hidden one; it is cut only when all are masked. */
export function maskedWords<Why extends Pick<Cause, 'message' | 'remedy' | 'extract'>>(
  why: Why,
  mask: Pick<Masker, 'text'>,
): Why {
  const { message, remedy, extract } = why;
  return {
    ...why,
    message: mask.text(message),
    ...(remedy === undefined ? {} : { remedy: mask.text(remedy) }),
    ...(extract === undefined ? {} : { extract: extract.map((line) => cut(visible(mask.text(line)))) }),
  };
}
