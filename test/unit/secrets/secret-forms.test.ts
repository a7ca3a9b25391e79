import { describe, expect, it } from 'vitest';
import { Masker, secretValues } from '../../../src/secrets/mask.js';

/** What is shown of a text that comes in pieces of some bytes. */
function shownOf(secret: string, text: string | Buffer, size = 7): string {
  const mask = new Masker(secretValues([secret]));
  const data = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < data.length; at += size)
    out.push(Buffer.from(mask.push(data.subarray(at, at + size))));
  return Buffer.concat([...out, mask.flush()]).toString();
}

const SECRETS = ['pa"ss/wörd?>>', 'tok4', 's3cr3t with spaces & more', "it's (a) *key*!", 'c:\\dir/x'];
const base64 = (text: string) => Buffer.from(text).toString('base64');
const inPage = (text: string, quote: string) =>
  text
    .replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? '')
    .replaceAll("'", quote);
const hex = (text: string) => Buffer.from(text).toString('hex');

describe.each(SECRETS)('the secret %j is hidden', (secret) => {
  it.each([
    ['as it is', secret],
    ['as JavaScript has it in an address', encodeURIComponent(secret)],
    ['as a whole address', encodeURI(secret)],
    ['as a form has it', new URLSearchParams({ x: secret }).toString().slice(2)],
    [
      'in an address in small letters',
      encodeURIComponent(secret).replace(/%../g, (two) => two.toLowerCase()),
    ],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['in JSON as PHP writes it', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
    ['in a page', inPage(secret, '&#x27;')],
    ['in a page as PHP writes it', inPage(secret, '&#039;')],
    ['in hex', hex(secret)],
    ['in capital hex', hex(secret).toUpperCase()],
    ['in base64', base64(secret)],
    ['in base64 of addresses', base64(secret).replaceAll('+', '-').replaceAll('/', '_')],
  ])('%s', (_, form) => {
    for (const size of [1, 3, 1_000]) {
      const shown = shownOf(secret, `before ${form} after\n`, size);
      expect(shown).toBe('before *** after\n');
    }
  });

  it('in base64, wherever it begins in a group of three', () => {
    for (const before of ['', 'a', 'ab'])
      for (const after of ['', 'c', 'cd']) {
        const whole = base64(`${before}${secret}${after}`);
        const left = shownOf(secret, whole, 3).split('***');
        expect(left).toHaveLength(2);
        // What depends on its neighbours, and signs that fill up.
        for (const edge of left) expect(edge.replace(/=+$/, '').length).toBeLessThan(6);
      }
  });

  it('in base64 and hex of many lines, and byte by byte', () => {
    const long = `${secret}${'0123456789'.repeat(9)}`;
    const inLines = (text: string, width: number) => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
    for (const width of [5, 60, 64, 76]) {
      expect(shownOf(long, inLines(base64(`x${long}`), width), 11)).toMatch(/^[^*]{0,4}\*\*\*[^*]{0,6}$/);
      expect(shownOf(long, inLines(hex(long), width), 11)).toMatch(/^\*\*\*\n?$/);
    }
    const bytes = hex(secret).match(/../g) ?? [];
    expect(shownOf(secret, `<Buffer ${bytes.join(' ')}>`)).toBe('<Buffer ***>');
    expect(shownOf(secret, bytes.join(':'))).toBe('***');
    expect(shownOf(secret, `\\x${bytes.join('\\x')}`)).toBe('\\x***');
  });
});

it('a secret longer than any line is hidden in pieces, to its last letter', () => {
  const long = Array.from({ length: 403 }, (_, n) => String.fromCharCode(97 + (n % 26))).join('');
  expect(shownOf(long, `${long}!`)).toBe('******!');
  expect(shownOf(long, `${Buffer.from(long).toString('hex')}!`)).toBe('******!');
});

it('many secrets that begin alike do not slow the search down', () => {
  const secrets = Array.from({ length: 2_000 }, (_, n) => `${'a'.repeat(150)}${n}x`);
  const mask = new Masker(secretValues(secrets));
  const shown = mask.push(Buffer.from('a'.repeat(300_000))).length;
  // All but what may still become one of them.
  expect(shown).toBe(300_000 - 150);
}, 10_000);

it('a line end lets nothing be waited for that only begins like a secret', () => {
  const mask = new Masker(secretValues(['geheim-geheim-geheim']));
  const first = Buffer.from('geheim-geheim-geheim').toString('base64').slice(0, 3);
  expect(mask.push(Buffer.from(`${first}\n`)).toString()).toBe(`${first}\n`);
});
