import { expect, it } from 'vitest';
import { Masker, secretValues } from '../../../src/secrets/mask.js';

it('hides a secret also where the output was cut in the middle of it', () => {
  const mask = new Masker(secretValues(['tok-12345']));
  const out = [mask.push(Buffer.from('a tok-1')), mask.push(Buffer.from('2345 b\nc')), mask.flush()];
  expect(Buffer.concat(out).toString()).toBe('a *** b\nc');
});

it('hides each line of a secret with many, and the longer of two that overlap', () => {
  const mask = new Masker(secretValues(['line-one\nline-two', 'line-one-and-more']));
  expect(mask.push(Buffer.from('line-one-and-more line-two\n')).toString()).toBe('*** ***\n');
});

it('hides a secret that is cut in an endless line', () => {
  const mask = new Masker(secretValues(['SECRETHALF-OTHERHALF']));
  const out = [
    mask.push(Buffer.from(`${'x'.repeat(70_000)}SECRETHALF`)),
    mask.push(Buffer.from('-OTHERHALF y\n')),
  ];
  expect(Buffer.concat(out).toString()).toBe(`${'x'.repeat(70_000)}*** y\n`);
});

it('leaves bytes alone that are not UTF-8, and hides secrets that are', () => {
  const mask = new Masker(secretValues(['gehe\u00efm']));
  const out = mask.push(Buffer.concat([Buffer.from([0xff]), Buffer.from(' gehe\u00efm\n')]));
  expect(out).toEqual(Buffer.concat([Buffer.from([0xff]), Buffer.from(' ***\n')]));
});

it('passes on at once what cannot be the beginning of a secret, and holds back what can', () => {
  const mask = new Masker(secretValues(['geheim-geheim', 'gehen']));
  expect(mask.push(Buffer.from('Proceed? (y/N) ')).toString()).toBe('Proceed? (y/N) ');
  expect(mask.push(Buffer.from('\rtoken gehei')).toString()).toBe('\rtoken ');
  expect(mask.push(Buffer.from('m-ge')).toString()).toBe('');
  expect(mask.push(Buffer.from('hen')).toString()).toBe('geheim-***');
  expect(mask.flush().toString()).toBe('');
});

it('hides the same wherever the output is cut', () => {
  const secrets = secretValues(['abcd', 'abcdef', 'cdxyz', 'fabc', 'zzzz', 'zzzzz']);
  const text = 'abcdefabcdx abcd abcde abcdef cdxyz\nzzz zzzzzzzzz abcdxyz fabcdef fab\nabc';
  const whole = new Masker(secrets);
  const expected = Buffer.concat([whole.push(Buffer.from(text)), whole.flush()]).toString();
  expect(expected).not.toMatch(/abcd|cdxyz|zzzz/);
  for (let size = 1; size < 20; size++) {
    const mask = new Masker(secrets);
    const out: Buffer[] = [];
    for (let at = 0; at < text.length; at += size)
      out.push(mask.push(Buffer.from(text.slice(at, at + size))));
    expect(Buffer.concat([...out, mask.flush()]).toString()).toBe(expected);
  }
});

it('takes characters of regular expressions as they are', () => {
  const mask = new Masker(secretValues(['a.b*c$']));
  expect(mask.push(Buffer.from('a.b*c$ axbbc\n')).toString()).toBe('*** axbbc\n');
});

it('leaves values alone that are no secrets', () => {
  expect(secretValues(['production', 'true', '1', '', undefined])).toEqual([]);
});
