import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../../../src/store/seal.js';

const SECRET = 'a secret of more than thirty-two bytes';

describe('what is sealed', () => {
  it('comes back as it was, and is never twice the same', () => {
    const value = { env: { TOKEN: 'hidden' } };
    const [one, two] = [seal(value, SECRET, 'job'), seal(value, SECRET, 'job')];
    expect(unseal(one, SECRET, 'job')).toEqual(value);
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64').toString('latin1')).not.toContain('hidden');
  });

  it.each([
    ['another secret', (text: string) => unseal(text, `${SECRET}!`, 'job')],
    ['another use', (text: string) => unseal(text, SECRET, 'callback')],
    ['a changed bit', (text: string) => unseal(withBitFlipped(text), SECRET, 'job')],
    ['a part of it', (text: string) => unseal(text.slice(0, 20), SECRET, 'job')],
  ])('is refused with %s', (_what, open) => {
    expect(() => open(seal('x'.repeat(64), SECRET, 'job'))).toThrow('sealed with another secret');
  });
});

function withBitFlipped(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
  return bytes.toString('base64');
}
